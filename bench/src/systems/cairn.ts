import { Cairn } from '@cairn/sdk'
import type { RunningCairn } from '../start-cairn.ts'
import { RESULT, type StepSystem } from '../step-system.ts'

/** SDK in this process → collector → Postgres. */
export function makeCairn(running: RunningCairn, { name, telemetry }: { name: string; telemetry: boolean }): StepSystem {
  const cairn = new Cairn({ url: running.url, apiKey: running.apiKey, serviceName: 'bench', telemetry })
  const marks = new Map<number, () => void>()
  let count = 0
  const agent = cairn.agent({ name }, async (run, { id, steps }: { id: number; steps: number }) => {
    const mark = marks.get(id) ?? (() => {})
    for (let i = 0; i < steps; i++)
      await run.step('step', () => {
        mark()
        return RESULT
      })
    mark()
  })
  return {
    name,
    setup: async () => {},
    run: async (steps, mark) => {
      const id = count++
      marks.set(id, mark)
      await agent.run({ id, steps })
      marks.delete(id)
    },
    stop: () => cairn.close(),
  }
}
