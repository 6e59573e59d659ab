/** A block that is longer, or whose brackets and quotes nest without end, is shown as it was written: drawing it would take too long. */
const LONGEST_BLOCK = 8_000
const BLOCK = 2_500
const TOO_DEEP = /(?:>[ \t]?){40}|[[\]*_!(<`~]{80}|(?:[-+*][ \t]+){40}/
const FENCE = /^ {0,3}(`{3,}|~{3,})/

export const isDrawable = (block: string): boolean => block.length <= LONGEST_BLOCK && !TOO_DEEP.test(block)

/** A text in pieces that can be drawn one by one: cut at empty lines, and never within fenced code. */
export function splitBlocks(text: string): string[] {
  const blocks: string[] = []
  let from = 0
  let fence = ''
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at)
    const next = end === -1 ? text.length : end + 1
    const line = text.slice(at, Math.min(next, at + 200))
    const mark = FENCE.exec(line)?.[1]
    if (mark !== undefined) fence = fence === '' ? mark : mark.startsWith(fence) ? '' : fence
    if (fence === '' && line.trim() === '' && next - from >= BLOCK) {
      blocks.push(text.slice(from, next))
      from = next
    }
    at = next
  }
  if (from < text.length) blocks.push(text.slice(from))
  return blocks
}
