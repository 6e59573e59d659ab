import { cairn, guide } from './agent.ts'

const run = await guide.start({ topic: 'cairns' }, { userId: 'ada', sessionId: 'hike-1' })
console.log(`started ${run.id}`)
for await (const event of run.events()) if (event.type === 'step') console.log(event.key, event.status)
console.log(await run.result())
await cairn.close()
