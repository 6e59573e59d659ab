import { callApi } from '../../src/api.ts'
import type { PagesSystem } from './global-setup.ts'
import { newSpanId, type SentSpan } from './spans.ts'

const code = (...codes: number[]) => String.fromCharCode(...codes)

/** What an agent may write to harm who reads it. `evil.example` must never be asked for anything. */
export const HOSTILE = {
  html: '<img src="https://evil.example/pixel.png" onerror="document.title=\'owned\';alert(1)"><script>alert(2)</script><iframe src="https://evil.example"></iframe>',
  markdown:
    '# Title\n\n![pixel](https://evil.example/pixel.png) [click](javascript:alert(3)) [bank](https://bank.com@evil.example/)\n\n<script>alert(4)</script><img src=x onerror=alert(5)>\n\n| a | b |\n|---|---|\n| 1 | 2 |',
  ansi: `${code(27)}[31mred${code(27)}[0m${code(27)}]8;;https://evil.example${code(7)}link${code(27)}]8;;${code(7)}${code(8)}${code(8)}`,
  direction: `invoice${code(0x202e)}fdp.exe${code(0x2066)} hidden${code(0x200b)}word${code(0xfeff)} שלום`,
  nul: `a${code(1)}b${code(0x85)}`,
  long: 'lorem ipsum '.repeat(430_000),
  unbroken: 'x'.repeat(300_000),
  key: 'k'.repeat(20_000),
} as const

export const deepJson = (levels: number): string => `${'{"a":['.repeat(levels)}1${']}'.repeat(levels)}`

/** A run whose state, outputs, events, artifacts and spans are all hostile. */
export async function makeHostileRun(system: Pick<PagesSystem, 'url' | 'key'>): Promise<{ id: string; traceId: string }> {
  const workerId = `hostile-${newSpanId()}`
  const run = await callApi<{ id: string; traceId: string }>(system, 'POST', '/api/v1/runs', {
    agent: 'hostile',
    input: { html: HOSTILE.html, [HOSTILE.key]: HOSTILE.direction },
    claim: { workerId, version: '1' },
  })
  const many = Array.from({ length: 100_000 }, (_, i) => i)
  const checkpoint = (key: string, output: unknown, value: unknown) => ({
    ...{ runId: run.id, execution: 1, key, output },
    statePatch: [{ op: 'add', path: `/${key}`, value }],
  })
  await callApi(system, 'POST', '/api/v1/checkpoints', {
    checkpoints: [
      checkpoint('html', HOSTILE.html, HOSTILE.html),
      checkpoint('ansi', HOSTILE.ansi, HOSTILE.ansi),
      checkpoint('many', many, many.slice(0, 20_000)),
      checkpoint('deep', JSON.parse(deepJson(200)), JSON.parse(deepJson(200))),
      checkpoint('direction', HOSTILE.direction, HOSTILE.direction),
    ],
    emitted: [{ runId: run.id, execution: 1, name: 'progress', data: HOSTILE.html }],
  })
  const artifacts: [name: string, type: string, body: string | Buffer][] = [
    ['page.html', 'text/html', HOSTILE.html],
    ['notes.md', 'text/markdown', HOSTILE.markdown],
    ['deep.json', 'application/json', deepJson(10_000)],
    ['table.csv', 'text/csv', `name,value\n${'"=cmd|calc",<b>x</b>\n'.repeat(30_000)}`],
    [
      'picture.svg',
      'image/svg+xml',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(6)</script><image href="https://evil.example/p.png"/></svg>',
    ],
    ['bytes.txt', 'text/plain', Buffer.from([0xff, 0xfe, 0x41, 0x00, 0xc3, 0x28, 0xed, 0xa0, 0x80])],
    ['long.log', 'text/plain', HOSTILE.long],
  ]
  for (const [name, type, body] of artifacts) {
    const answer = await fetch(`${system.url}/api/v1/runs/${run.id}/artifacts/${name}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${system.key}`, 'content-type': type, 'x-cairn-execution': '1' },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    })
    if (!answer.ok) throw new Error(`artifact ${name}: ${answer.status} ${await answer.text()}`)
  }
  await sendSpans(system, run, hostileSpans(run.id))
  await callApi(system, 'POST', `/api/v1/runs/${run.id}/outcome`, {
    execution: 1,
    status: 'failed',
    error: { type: 'HostileError', message: HOSTILE.html, stack: HOSTILE.ansi },
  })
  return run
}

export function hostileSpans(runId: string): SentSpan[] {
  const root = newSpanId()
  const own = { 'cairn.run.id': runId, 'cairn.execution': 1 }
  const says = (content: string) => JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content }] }])
  const model = (name: string, startMs: number, output: string): SentSpan => ({
    ...{ name, parentSpanId: root, startMs, endMs: startMs + 5 },
    attributes: {
      ...own,
      ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': HOSTILE.html.slice(0, 60) },
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: HOSTILE.markdown }] }]),
      'gen_ai.output.messages': output,
    },
  })
  return [
    { name: 'hostile', spanId: root, startMs: 0, endMs: 200, attributes: { ...own, 'cairn.kind': 'agent' } },
    model(HOSTILE.html, 10, says(HOSTILE.html)),
    model('markdown', 20, says(HOSTILE.markdown)),
    model('ansi', 30, says(HOSTILE.ansi)),
    model(HOSTILE.direction, 40, says(HOSTILE.direction)),
    model('long', 50, says(HOSTILE.long)),
    model('unbroken', 60, says(HOSTILE.unbroken)),
    model('deep', 70, deepJson(10_000)),
    model('half pair', 80, '[{"role":"assistant","parts":[{"type":"text","content":"half \\ud800 pair"}]}]'),
    {
      ...{ name: 'keys', parentSpanId: root, startMs: 90, endMs: 95 },
      attributes: { ...own, [HOSTILE.key]: HOSTILE.nul, list: JSON.stringify(Array(50_000).fill(HOSTILE.html.slice(0, 20))) },
      error: { type: HOSTILE.html, message: HOSTILE.direction, stack: `${HOSTILE.ansi}\n${HOSTILE.html}` },
    },
  ]
}

async function sendSpans(system: Pick<PagesSystem, 'url' | 'key'>, run: { traceId: string }, spans: readonly SentSpan[]): Promise<void> {
  const began = BigInt(Date.now() - 1_000) * 1_000_000n
  const attributes = (values: Readonly<Record<string, unknown>>) =>
    Object.entries(values).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    }))
  await callApi(system, 'POST', '/v1/traces', {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: spans.map((span) => ({
              ...{ traceId: run.traceId, spanId: span.spanId ?? newSpanId(), name: span.name, parentSpanId: span.parentSpanId ?? '' },
              startTimeUnixNano: String(began + BigInt(span.startMs) * 1_000_000n),
              endTimeUnixNano: String(began + BigInt(span.endMs) * 1_000_000n),
              attributes: attributes(span.attributes ?? {}),
              ...(span.error === undefined
                ? {}
                : {
                    status: { code: 2, message: span.error.message },
                    events: [
                      {
                        name: 'exception',
                        timeUnixNano: String(began),
                        attributes: attributes({
                          'exception.type': span.error.type,
                          'exception.message': span.error.message,
                          'exception.stacktrace': span.error.stack ?? '',
                        }),
                      },
                    ],
                  }),
            })),
          },
        ],
      },
    ],
  })
}
