import { describe, expect, it } from 'vitest'
import { readEventPage } from './event-page.ts'

const event = (id: number, chars = 1) => `id: ${id}\ndata: ${JSON.stringify({ id, text: 'x'.repeat(chars) })}\n\n`
/** A stream of texts that go on for ever where `isEndless`. */
function streamOf(texts: readonly string[], { isEndless = false } = {}) {
  const encoder = new TextEncoder()
  let at = 0
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const text = texts[at++]
      if (text !== undefined) return controller.enqueue(encoder.encode(text))
      if (isEndless) controller.enqueue(encoder.encode(event(at)))
      else controller.close()
    },
  })
}
const idsOf = (events: readonly unknown[]) => events.map((one) => (one as { id: number }).id)

describe('a page of events', () => {
  it('has each once, however the stream is cut', async () => {
    const text = [1, 2, 3].map((id) => event(id)).join('')
    const pieces = text.match(/.{1,7}/gs) ?? []
    expect(idsOf(await readEventPage(streamOf(pieces)))).toEqual([1, 2, 3])
  })
  it('ends with enough events, and leaves the stream', async () => {
    expect(await readEventPage(streamOf([], { isEndless: true }))).toHaveLength(1_000)
  })
  it('has one event that is larger than a page, so that the log goes on after it', async () => {
    const large = event(7, 5_000_000)
    const pieces = large.match(/.{1,1000000}/gs) ?? []
    expect(idsOf(await readEventPage(streamOf([...pieces, event(8)])))[0]).toBe(7)
  })
})
