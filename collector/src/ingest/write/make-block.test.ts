import { expect, test } from 'vitest'
import { encodeEntry } from '../log/entry.ts'
import type { LogBlock } from '../log/log-reader.ts'
import { makeSpan } from '../map/fixtures/read-fixture.ts'
import { encodeTracesJson } from '../otlp/encode-json.ts'
import { PriceOverrides } from '../price/overrides.ts'
import { BlockMaker } from './make-block.ts'
import { SpanMemory } from './span-memory.ts'

const projectId = '01980000-0000-7000-8000-000000000001'
const bare = { resource: new Map(), scope: { name: '', version: '', attributes: new Map() }, schemaUrl: '' }

class Faulty extends PriceOverrides {
  override find(_provider: string, model: string): undefined {
    if (model === 'odd') throw new Error('nothing can be made of it')
  }
}

const span = (n: number, model: string) =>
  makeSpan(
    { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': model, 'gen_ai.usage.input_tokens': 1 },
    { spanId: String(n).padStart(16, '0') },
  )

function blockOf(requests: readonly ReturnType<typeof span>[][]): LogBlock {
  const entries = requests.map((items, i) => {
    const body = encodeTracesJson([{ ...bare, items }])
    const payload = Buffer.concat(encodeEntry({ signal: 'traces', encoding: 'json', projectId, body }))
    return { from: i * 10, to: i * 10 + 10, payload }
  })
  return { segment: 1, from: 0, to: entries.length * 10, entries }
}

test('of a request with an odd span the others are made rows of, and the request is set aside, once', async () => {
  const aside: LogBlock[] = []
  const maker = new BlockMaker({
    memory: new SpanMemory(),
    getOverrides: async () => new Faulty([]),
    setAside: async (block, error) => {
      expect(error).toMatchObject({ message: 'nothing can be made of it' })
      aside.push(block)
    },
  })
  const block = blockOf([[span(1, 'good')], [span(2, 'odd'), span(3, 'good'), span(4, 'odd'), span(5, 'good')], [span(6, 'good')]])
  const made = await maker.make(block)
  expect(made.written.map(({ spanId }) => Number(spanId))).toEqual([1, 3, 5, 6])
  expect(aside).toEqual([{ segment: 1, from: 10, to: 20, entries: [block.entries[1]] }])
})
