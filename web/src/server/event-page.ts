const MOST_EVENTS = 1_000
const MOST_CHARS = 4_000_000

/** Events of a stream, at most a page but one however large it is: the stream is left when there is enough. */
export async function readEventPage(stream: ReadableStream<Uint8Array>): Promise<unknown[]> {
  const events: unknown[] = []
  let rest = ''
  let chars = 0
  for await (const piece of stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
    chars += piece.length
    const blocks = (rest + piece).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data: '))
      if (data !== undefined) events.push(JSON.parse(data.slice(6)))
    }
    if (events.length >= MOST_EVENTS || (chars > MOST_CHARS && events.length > 0)) break
  }
  return events
}
