// Plain JavaScript, as its peers' worker is: what a process pays for stripping types is none of theirs.
// argv: "run" is killed inside the last step; "resume" tells when the first step runs that was not done before.
import { Cairn } from '@cairn/sdk'

const phase = process.argv[2]
const result = { title: 'Cairns', url: 'https://example.org/cairns', text: 'A pile of stones that marks a trail. '.repeat(4) }
// Due again at once: the wait before a takeover is a policy, not a cost.
const options = { name: 'bench-resume', version: '1', recovery: { backoffMs: 0 } }
const cairn = new Cairn()
const agent = cairn.agent(options, async (run, { steps }) => {
  for (let i = 0; i < steps; i++)
    await run.step('step', () => {
      if (phase === 'run' && i === steps - 1) process.kill(process.pid, 'SIGKILL')
      if (phase === 'resume')
        process.send?.({ totalMs: Math.round(performance.now()), at: i, rssMb: Math.round(process.resourceUsage().maxRSS / 2 ** 10) })
      return result
    })
})
await cairn.serve([agent])
