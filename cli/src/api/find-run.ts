import { RunPage } from '@cairn/sdk/protocol'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { CliError, usageError } from '../errors.ts'
import { isPartOfId } from '../options.ts'
import type { Terminal } from '../terminal.ts'
import { formatTime } from '../text/format.ts'
import type { ApiClient } from './client.ts'

const MOST_NAMED = 3
/** Arguments that name a run. */
const RUN_ARGUMENTS = new Set(['run', 'a', 'b'])

/** Replaces the begins and ends of ids among a command's arguments by the ids, before it acts. */
export const resolveRunArguments =
  (terminal: Terminal) =>
  async (_program: Command, command: Command): Promise<void> => {
    const { processedArgs } = command
    for (const [i, { name }] of command.registeredArguments.map((argument) => ({ name: argument.name() })).entries()) {
      const text: unknown = processedArgs[i]
      if (!RUN_ARGUMENTS.has(name) || typeof text !== 'string' || !isPartOfId(text)) continue
      const { api, out } = contextOf(terminal, command)
      processedArgs[i] = await findRun(api, text, out.now)
    }
  }

/**
 * The id of the one run whose id begins or ends so.
 * @throws {CliError} `not_found`; `usage`, where there are several
 */
async function findRun(api: ApiClient, part: string, now: number): Promise<string> {
  const { items } = (await api.get('/api/v1/runs', RunPage, { query: `id:${part}`, limit: MOST_NAMED + 1 })).value
  const [only] = items
  if (only === undefined)
    throw new CliError('not_found', `No run's id begins or ends with ${part}.`, {
      remedy: '`cairn runs list` lists them; the address of a run’s page will do too.',
    })
  if (items.length === 1) return only.id
  const named = items.slice(0, MOST_NAMED).map((run) => `${run.id} (${run.agent.slice(0, 40)}, ${formatTime(run.createdAt, now)})`)
  throw usageError(
    `The ids of several runs begin or end with ${part}: ${named.join(', ')}${items.length > MOST_NAMED ? ', …' : ''}.`,
    'Give more of the id.',
  )
}
