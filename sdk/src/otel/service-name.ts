import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `name` of the package.json in the working folder, or `unknown_service`. */
export function findServiceName(folder: string): string {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (parsed !== null && typeof parsed === 'object' && 'name' in parsed && typeof parsed.name === 'string' && parsed.name !== '')
      return parsed.name
  } catch {
    // No package.json, or not one that can be read: the name is only a label.
  }
  return 'unknown_service'
}
