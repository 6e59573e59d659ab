import type { RunHandle } from '@cairn/sdk'
import { cairn } from './agents/clients.ts'
import { invoices } from './agents/invoices.ts'
import { research } from './agents/research.ts'
import { support } from './agents/support.ts'

const TOPICS = [
  'cairns on mountain trails',
  'grid batteries',
  'kelp forests',
  'tide gauges',
  'second-life batteries',
  'stone markers in Iceland',
]
const TICKETS = [
  ['ada', 'Refund for a double charge', 'I was charged twice in March.', 'none'],
  ['grace', 'Export fails every night', 'The CSV never arrives.', 'none'],
  ['linus', 'Raise my limit', 'We have three more people for a month.', 'none'],
  ['margaret', 'Invoice address', 'Please put our new address on it.', 'none'],
  ['ada', 'Cannot log in with SSO', 'It loops back to the sign-in page.', 'rate_limit'],
  ['grace', 'Import of ten years of tickets', 'All of it is attached below.', 'context_length'],
  ['ghost', 'Where is my refund?', 'You promised it last week.', 'unknown_customer'],
  ['linus', 'Webhooks arrive twice', 'Each one, since Tuesday.', 'none'],
  ['margaret', 'Refund of the yearly plan', 'We switched to monthly.', 'none'],
  ['ada', 'Export of one board', 'Only the archived cards are missing.', 'rate_limit'],
  ['wanda', 'Question on my charge', 'What is it for?', 'unknown_customer'],
  ['grace', 'Audit log', 'How far back does it go?', 'none'],
] as const
const VENDORS = ['Fjell Stein AS', 'Highland Paths Ltd', 'Norðurljós ehf', 'Cordée SARL']

/** A few dozen runs of the sample agents: good ones, and failures of a few kinds. Says how far it is. */
async function seed(): Promise<void> {
  const starts: (() => Promise<RunHandle<unknown>>)[] = [
    ...TOPICS.map(
      (topic, i) => () =>
        research.start(
          { topic, factCheckMs: 60 },
          { userId: ['ada', 'grace'][i % 2] ?? 'ada', sessionId: `reading-${i % 3}`, tags: ['sample'] },
        ),
    ),
    ...[...TICKETS, ...TICKETS].map(
      ([customer, subject, body, trouble], i) =>
        () =>
          support.start(
            { customer, subject, body, trouble },
            { userId: customer, sessionId: `ticket-${i % TICKETS.length}`, tags: ['sample', i < TICKETS.length ? 'email' : 'chat'] },
          ),
    ),
    ...VENDORS.flatMap((vendor, i) =>
      [0, 1].map(
        (month) => () =>
          invoices.start(
            {
              vendor,
              lines: [
                { item: 'stones', amount: 120.5 + i },
                { item: 'transport', amount: 40 + month },
              ],
              total: 160.5 + i + month + (i === 1 && month === 1 ? 9 : 0),
            },
            { userId: 'bookkeeping', tags: ['sample'] },
          ),
      ),
    ),
  ]
  let done = 0
  const handles: RunHandle<unknown>[] = []
  for (const start of starts) {
    const handle = await start()
    handles.push(handle)
  }
  await Promise.all(
    handles.map(async (handle) => {
      await handle.result({ timeoutMs: 120_000 }).catch(() => {})
      done += 1
      process.send?.({ type: 'progress', done, of: starts.length })
    }),
  )
  await promote(handles)
}

/** Good support replies become a few-shot set, which the agent asks for. */
async function promote(handles: readonly RunHandle<unknown>[]): Promise<void> {
  const { url, apiKey } = cairn.config
  for (const handle of handles.slice(TOPICS.length, TOPICS.length + 4)) {
    const answer = await fetch(`${url}/api/v1/few-shot/support-replies/examples`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ runId: handle.id, note: 'A reply as we like them', actor: 'sample' }),
    })
    if (!answer.ok && answer.status !== 409) throw new Error(`promote answered ${answer.status}: ${await answer.text()}`)
  }
}

await seed()
await cairn.close()
process.exit(0)
