import { Cairn } from '@cairn/sdk'
import { RESULT } from './step-system.ts'

// argv: "run" is killed inside the last step; "resume" tells when the first step runs that was not done before.
const phase = process.argv[2]
// Due again at once: the wait before a takeover is a policy, not a cost.
const options = { name: 'bench-resume', version: '1', recovery: { backoffMs: 0 } }
const cairn = new Cairn()
const agent = cairn.agent(options, async (run, { steps }: { steps: number }) => {
  for (let i = 0; i < steps; i++)
    await run.step('step', () => {
      if (phase === 'run' && i === steps - 1) process.kill(process.pid, 'SIGKILL')
      if (phase === 'resume')
        process.send?.({ totalMs: Math.round(performance.now()), at: i, rssMb: Math.round(process.resourceUsage().maxRSS / 2 ** 10) })
      return RESULT
    })
})
await cairn.serve([agent])
