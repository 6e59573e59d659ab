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

type Start = (idempotencyKey: string) => Promise<RunHandle<unknown>>

const researches: Start[] = TOPICS.map(
  (topic, i) => (idempotencyKey) =>
    research.start({ topic }, { userId: i % 2 === 0 ? 'ada' : 'grace', sessionId: `reading-${i % 3}`, tags: ['sample'], idempotencyKey }),
)
const tickets: Start[] = [...TICKETS, ...TICKETS].map(
  ([customer, subject, body, trouble], i) =>
    (idempotencyKey) =>
      support.start(
        { customer, subject, body, trouble },
        {
          userId: customer,
          sessionId: `ticket-${i % TICKETS.length}`,
          tags: ['sample', i < TICKETS.length ? 'email' : 'chat'],
          idempotencyKey,
        },
      ),
)
const bookings: Start[] = VENDORS.flatMap((vendor, i) =>
  [0, 1].map(
    (month): Start =>
      (idempotencyKey) => {
        const lines = [
          { item: 'stones', amount: 120.5 + i },
          { item: 'transport', amount: 40 + month },
        ]
        // One vendor can't add.
        const total = 160.5 + i + month + (i === 1 && month === 1 ? 9 : 0)
        return invoices.start({ vendor, lines, total }, { userId: 'bookkeeping', tags: ['sample'], idempotencyKey })
      },
  ),
)

/** A few dozen runs of the sample agents: good ones, and failures of a few kinds. Made once: a second time changes nothing. */
async function seed(): Promise<void> {
  const starts = [...researches, ...tickets, ...bookings]
  const handles = await Promise.all(starts.map((start, i) => start(`sample-${i}`)))
  let done = 0
  await Promise.all(
    handles.map(async (handle) => {
      await handle.result({ timeoutMs: 120_000 }).catch(() => {})
      done += 1
      process.send?.({ type: 'progress', done, of: starts.length })
    }),
  )
  await promote(handles.slice(researches.length, researches.length + 4))
}

/** Good support replies become a few-shot set, which the agent asks for. */
async function promote(handles: readonly RunHandle<unknown>[]): Promise<void> {
  const { url, apiKey } = cairn.config
  const set = `${url}/api/v1/few-shot/support-replies`
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  const there = await fetch(set, { headers })
  if (there.ok) return
  for (const handle of handles) {
    const body = JSON.stringify({ runId: handle.id, note: 'A reply as we like them', actor: 'sample' })
    const answer = await fetch(`${set}/examples`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`promote answered ${answer.status}: ${await answer.text()}`)
  }
}

process.on('disconnect', () => process.exit(1))
await seed()
await cairn.close()
process.exit(0)
