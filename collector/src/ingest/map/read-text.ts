import type { AttributeValue } from '../otlp/types.ts'
import { toJson } from './to-json.ts'

/** An attribute as text; empty where there is none. */
export function readText(value: AttributeValue | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return JSON.stringify(toJson(value))
}

/** A list of names: as an array, a JSON array or one name. */
export function readTexts(value: AttributeValue | undefined): string[] {
  if (value === undefined || value === null || value === '') return []
  if (Array.isArray(value)) return value.map(readText)
  const text = readText(value)
  if (text.startsWith('[')) {
    try {
      const list: unknown = JSON.parse(text)
      if (Array.isArray(list)) return list.map((item) => (typeof item === 'string' ? item.toWellFormed() : JSON.stringify(item)))
    } catch {
      return [text]
    }
  }
  return [text]
}

/** Longest prefix that splits no character. */
export function cut(text: string, chars: number): string {
  return text.length <= chars ? text : text.slice(0, chars).toWellFormed()
}
