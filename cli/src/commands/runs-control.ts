import { Run } from '@cairn/sdk/protocol'
import type { Command } from 'commander'
import { z } from 'zod'
import { contextOf } from '../context.ts'
import { parseJson, runRefOf } from '../options.ts'
import type { Terminal } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'
import { actorOf } from './actor.ts'
import { readDecisions } from './decisions.ts'
import { followToEnd } from './follow.ts'

const collect = (value: string, all: string[] = []) => [...all, value]

/** fork, cancel, pause and signal: one request each. */
export function addRunsControl(runs: Command, terminal: Terminal): void {
  addFork(runs, terminal)
  for (const [control, description] of [
    ['cancel', 'stop a run for good'],
    ['pause', 'stop a run at its next step, until it is resumed'],
  ] as const)
    runs
      .command(control)
      .description(description)
      .argument('<run>', 'run id', runRefOf)
      .option('--reason <text>', 'why, for the log')
      .action(async (id: string, { reason }: { reason?: string }, command: Command) => {
        const { api, out } = contextOf(terminal, command)
        const body = { actor: actorOf(), ...(reason === undefined ? {} : { reason }) }
        const answer = await api.post(`/api/v1/runs/${id}/${control}`, Run, body)
        if (out.json) return out.document(answer.raw)
        const done = answer.value.status === (control === 'cancel' ? 'cancelled' : 'paused')
        out.line(
          done ? `The run is ${answer.value.status}.` : `Asked to ${control}; the run is ${answer.value.status} until its next step.`,
        )
      })

  runs
    .command('signal')
    .description('send a signal to a run; it is kept if the run isn’t waiting for it yet')
    .argument('<run>', 'run id', runRefOf)
    .argument('<name>', 'as in run.signal(name)')
    .argument('[json]', 'what it carries', 'null')
    .action(async (id: string, name: string, json: string, _options: unknown, command: Command) => {
      const { api, out } = contextOf(terminal, command)
      const payload = parseJson(json, 'The payload')
      const path = `/api/v1/runs/${id}/signals/${encodeURIComponent(name)}`
      const answer = await api.post(path, z.object({ runId: z.string(), name: z.string() }), payload)
      if (out.json) return out.document(answer.raw)
      out.line(`Sent ${escapeLine(answer.value.name)}.`)
    })
}

interface ForkOptions {
  readonly from: string
  readonly input?: string
  readonly state?: string
  readonly output?: string[]
  readonly follow?: boolean
}

function addFork(runs: Command, terminal: Terminal): void {
  runs
    .command('fork')
    .description('a new run that shares the checkpoints before a step')
    .argument('<run>', 'run id', runRefOf)
    .requiredOption('--from <step>', 'the first step that runs anew')
    .option('--input <json>', 'another input')
    .option('--state <json>', 'another state at that step')
    .option('--output <step=json>', 'take this as the output of a step', collect)
    .option('-f, --follow', 'show progress until the end')
    .action(async (id: string, options: ForkOptions, command: Command) => {
      const context = contextOf(terminal, command)
      const { api, out } = context
      const overrides = readDecisions([], options.output ?? [])
      const answer = await api.post(`/api/v1/runs/${id}/fork`, Run, {
        fromStep: options.from,
        ...(options.input === undefined ? {} : { input: parseJson(options.input, '--input') }),
        ...(options.state === undefined ? {} : { state: parseJson(options.state, '--state') }),
        ...(overrides.length === 0 ? {} : { overrides }),
      })
      if (options.follow) {
        out.note(`Run ${answer.value.id}`)
        return followToEnd(context, answer.value.id, { afterExecution: 0 })
      }
      if (out.json) return out.document(answer.raw)
      out.line(answer.value.id)
      out.note(`Compare: cairn runs compare ${id} ${answer.value.id}`)
    })
}
