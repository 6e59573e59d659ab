import { widthOf } from './width.ts'

/** Lines of at most `columns`, broken at spaces where there are some; for escaped text. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`
    if (line !== '' && widthOf(next) > columns) {
      lines.push(line)
      line = word
    } else line = next
  }
  return [...lines, line]
}
