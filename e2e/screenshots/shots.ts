import type { Page } from 'playwright-core'
import type { SampleIds } from './fill-sample.ts'

export interface Shot {
  /** Of the file. */
  readonly name: string
  readonly about: string
  readonly path: string
  /** Text that is there when the page has what it shows. */
  readonly see?: string | RegExp
  readonly act?: (page: Page) => Promise<void>
  /** As on a telephone. */
  readonly narrow?: boolean
}

const LISTS = [
  ['overview', 'Overview', '/'],
  ['runs', 'Runs', '/runs'],
  ['failures', 'Failures', '/failures'],
  ['traces', 'Traces', '/traces'],
  ['sessions', 'Sessions', '/sessions'],
  ['users', 'Users', '/users'],
  ['cost', 'Cost', '/cost'],
  ['latency', 'Latency', '/latency'],
  ['few-shot', 'Few-shot sets', '/few-shot'],
  ['workers', 'Workers', '/workers'],
  ['schedules', 'Schedules', '/schedules'],
  ['settings', 'Settings', '/settings'],
  ['compare', 'Compare', '/compare'],
] as const

const lists: readonly Shot[] = LISTS.map(([name, about, path]) => ({ name, about, path }))
const narrow = (names: readonly string[]): readonly Shot[] =>
  lists.flatMap((shot) =>
    names.includes(shot.name) ? [{ ...shot, name: `${shot.name}-narrow`, about: `${shot.about}, narrow`, narrow: true }] : [],
  )

export const EMPTY_SHOTS: readonly Shot[] = [
  ...lists,
  { name: 'run-unknown', about: 'A run that is not there', path: '/runs/01a20000-0000-7000-8000-000000000000' },
  { name: 'trace-unknown', about: 'A trace that is not there', path: '/traces/00000000000000000000000000000001' },
  { name: 'session-unknown', about: 'A session that is not there', path: '/sessions/none' },
  { name: 'not-found', about: 'An address that is no page', path: '/nowhere' },
]

const VIEWS = ['transcript', 'steps', 'state', 'artifacts', 'flame', 'graph', 'statistics', 'log', 'details', 'raw'] as const

/** While the run that died at step 12 is still crashed. */
export function fullShots({ crashed, good, plainTraceId, failureGroup }: SampleIds): readonly Shot[] {
  const run = `/runs/${crashed.id}`
  return [
    ...lists.filter(({ name }) => name !== 'compare'),
    ...narrow(['overview', 'runs', 'failures', 'traces', 'cost']),
    { name: 'run', about: 'A crashed run', path: run, see: 'fact-check' },
    { name: 'run-narrow', about: 'A crashed run, narrow', path: run, see: 'fact-check', narrow: true },
    {
      ...{ name: 'run-span', about: 'A crashed run with a span', path: run, see: 'fact-check' },
      act: async (page) => {
        await page.getByRole('tree').focus()
        for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
        await page.getByRole('complementary', { name: 'Span' }).waitFor()
      },
    },
    {
      ...{ name: 'run-resume', about: 'The Resume dialog', path: run, see: 'fact-check' },
      act: async (page) => {
        await page.getByRole('button', { name: 'Resume', exact: true }).click()
        await page.getByRole('dialog').waitFor()
      },
    },
    ...VIEWS.map((view) => ({ name: `run-${view}`, about: `A run: ${view}`, path: `/runs/${good.id}?view=${view}` })),
    { name: 'failure', about: 'A failure group', path: `/failures/${failureGroup}` },
    { name: 'compare', about: 'A good run and a crashed one', path: `/compare?a=${good.id}&b=${crashed.id}`, see: 'fact-check' },
    { name: 'trace', about: 'A trace of a plain OpenTelemetry program', path: `/traces/${plainTraceId}`, see: 'POST /ledger' },
    { name: 'session', about: 'A session', path: `/sessions/${encodeURIComponent(crashed.sessionId ?? '')}` },
    { name: 'user', about: 'A user', path: `/users/${encodeURIComponent(crashed.userId ?? '')}` },
    { name: 'few-shot-set', about: 'A few-shot set', path: '/few-shot/research-notes' },
    {
      ...{ name: 'palette', about: 'The command palette', path: '/runs' },
      act: async (page) => {
        await page.getByRole('link', { name: 'research' }).first().waitFor()
        await page.keyboard.press('Control+k')
        await page.getByRole('dialog').waitFor()
      },
    },
    {
      ...{ name: 'shortcuts', about: 'Shortcuts', path: '/runs' },
      act: async (page) => {
        await page.getByRole('link', { name: 'research' }).first().waitFor()
        await page.keyboard.press('?')
        await page.getByRole('dialog').waitFor()
      },
    },
    {
      ...{ name: 'runs-query', about: 'The query bar of the runs', path: '/runs?query=status:failed' },
      act: async (page) => {
        await page
          .getByRole('link', { name: /research|writer|support|invoice/ })
          .first()
          .waitFor()
        await page.keyboard.press('/')
        await page.getByRole('listbox').waitFor()
      },
    },
  ]
}

export const RESUMED_SHOTS = ({ crashed }: SampleIds): readonly Shot[] => [
  { name: 'run-resumed', about: 'The run, resumed and finished', path: `/runs/${crashed.id}`, see: 'succeeded' },
]
