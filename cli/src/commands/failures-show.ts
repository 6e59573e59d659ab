import { type FailureExample, FailureGroup } from '@cairn/sdk/protocol'
import { type Command, InvalidArgumentError } from 'commander'
import { contextOf } from '../context.ts'
import type { Output, Terminal } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { formatMs, formatTime, formatUsd, plural } from '../text/format.ts'
import { cut } from '../text/width.ts'

const GROUP = /^(?:.*\/failures\/)?([0-9a-f]{16})(?:[/?#].*)?$/i

export function addFailuresShow(failures: Command, terminal: Terminal): void {
  failures
    .command('show')
    .description('a group, with failures that stand for it: runs, or traces that belong to none')
    .argument('<group>', 'its id, or the address of its page', groupOf)
    .action(async (group: string, _options: unknown, command: Command) => {
      const { api, out } = contextOf(terminal, command)
      const { value, raw } = await api.get(`/api/v1/failures/${group}`, FailureGroup)
      if (out.json) return out.document(raw)
      out.line(...drawGroup(value, out))
    })
}

function groupOf(text: string): string {
  const id = GROUP.exec(text.trim())?.[1]
  if (id === undefined) throw new InvalidArgumentError('It is no group. Give 16 hexadecimal digits, as `cairn failures list` shows them.')
  return id.toLowerCase()
}

function drawGroup(group: FailureGroup, out: Output): string[] {
  const { style, columns, now } = out
  const shorten = (text: string) => cut(escapeLine(text), columns)
  const of = [group.runs > 0 && plural(group.runs, 'run'), group.traces > 0 && `${plural(group.traces, 'trace')} of no run`]
  const versions = group.versions.length === 0 ? [] : [`versions ${group.versions.join(', ')}`]
  const { newest, typical, cheapest } = group.examples
  const examples = [
    ['newest', newest],
    ['typical', typical],
    ['cheapest', cheapest],
  ] as const
  const idOf = (example: FailureExample) => example.runId ?? example.traceId
  return [
    style('red', shorten(`✗ ${group.errorType}: ${group.errorMessage.slice(0, 2_000)}`)),
    shorten([group.agent, group.step].filter((part) => part !== '').join(' › ')),
    shorten(
      [plural(group.count, 'failure'), ...of.filter((part) => part !== false), `lost ${formatUsd(group.lost)}`, ...versions].join('  ·  '),
    ),
    style('dim', shorten(`${group.state}, first ${formatTime(group.firstSeen, now)}, last ${formatTime(group.lastSeen, now)}`)),
    '',
    ...examples.flatMap(([name, example]) =>
      // Of few failures one stands for several.
      example === null || (name !== 'newest' && newest !== null && idOf(example) === idOf(newest))
        ? []
        : [shorten(`${name.padEnd(8)}  ${idOf(example)}  ${formatTime(example.failedAt, now)}  ${formatMs(example.durationMs)}`)],
    ),
    ...(newest === null
      ? []
      : [
          '',
          style('dim', `  cairn runs show ${idOf(newest)}`),
          ...(newest.spanId === null ? [] : [style('dim', `  cairn runs show ${idOf(newest)} --span ${newest.spanId}`)]),
        ]),
    ...(group.runs > 0 ? [style('dim', `  cairn runs list --failure ${group.group}`)] : []),
  ]
}
