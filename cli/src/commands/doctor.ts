import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import type { Check } from '../doctor/check.ts'
import { examine } from '../doctor/examine.ts'
import { CliError } from '../errors.ts'
import type { Output, Terminal } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { plural } from '../text/format.ts'
import type { StyleName } from '../text/style.ts'
import { wrap } from '../text/wrap.ts'

const MARKS: Readonly<Record<Check['status'], readonly [string, StyleName]>> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  failed: ['✗', 'red'],
  skipped: ['–', 'gray'],
}
const NAME = 14

export function addDoctor(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description('looks whether everything is in order, and says what to do where it is not')
    .action(async (_options: unknown, command: Command) => {
      const { api, out } = contextOf(terminal, command)
      const checks = await examine(api.settings, terminal.env)
      if (out.json) out.document({ ok: !checks.some((check) => check.status === 'failed'), checks })
      else for (const check of checks) out.line(...drawCheck(check, out))
      const bad = checks.filter((check) => check.status === 'failed')
      if (bad.length === 0) return
      const code = bad.some((check) => check.id === 'collector') ? 'unreachable' : 'failure'
      throw new CliError(code, `${plural(bad.length, 'check')} failed.`)
    })
}

function drawCheck({ what, status, detail, remedy }: Check, { style, columns }: Output): string[] {
  const [mark, colour] = MARKS[status]
  const room = Math.max(20, columns - NAME - 4)
  const [first = '', ...more] = wrap(escapeLine(detail.slice(0, 1_000)), room)
  const under = ' '.repeat(NAME + 3)
  const remedies = remedy === undefined ? [] : wrap(`→ ${remedy}`, room)
  return [
    `${style(colour, mark)} ${style('bold', what.padEnd(NAME))} ${first}`,
    ...more.map((line) => `${under}${line}`),
    ...remedies.map((line) => `${under}${style(colour, line)}`),
  ]
}
