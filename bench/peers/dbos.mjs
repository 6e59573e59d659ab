// DBOS: a workflow whose steps are durable functions in Postgres.
import { randomUUID } from 'node:crypto'
import { DBOS } from '@dbos-inc/dbos-sdk'

export function makeSystem({ databaseUrl, result, poolSize }) {
  const marks = new Map()
  let workflow
  return {
    name: 'DBOS',
    async setup() {
      DBOS.setConfig({
        name: 'bench',
        systemDatabaseUrl: databaseUrl,
        systemDatabasePoolSize: poolSize,
        logLevel: 'error',
        runAdminServer: false,
      })
      workflow = DBOS.registerWorkflow(
        async (steps) => {
          const mark = marks.get(DBOS.workflowID)
          const step = async () => {
            mark()
            return result
          }
          for (let i = 0; i < steps; i++) await DBOS.runStep(step, { name: 'step' })
          mark()
        },
        { name: 'bench' },
      )
      await DBOS.launch()
    },
    async run(steps, mark) {
      const id = randomUUID()
      marks.set(id, mark)
      const handle = await DBOS.startWorkflow(workflow, { workflowID: id })(steps)
      await handle.getResult()
      marks.delete(id)
    },
    stop: () => DBOS.shutdown(),
  }
}
