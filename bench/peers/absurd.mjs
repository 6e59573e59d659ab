// Absurd: tasks in SQL functions, polled for by a worker.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Absurd } from 'absurd-sdk'
import pg from 'pg'

export function makeSystem({ databaseUrl, result, poolSize, sqlFile }) {
  const underway = new Map()
  let pool
  let app
  let worker
  return {
    name: 'Absurd',
    async setup() {
      pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize })
      await pool.query(readFileSync(sqlFile, 'utf8'))
      app = new Absurd({ db: pool, queueName: 'default' })
      await app.createQueue('default')
      app.registerTask({ name: 'bench' }, async (task, context) => {
        const { mark, done } = underway.get(task.id)
        for (let i = 0; i < task.steps; i++)
          await context.step('step', async () => {
            mark()
            return result
          })
        mark()
        done()
      })
      worker = await app.startWorker({ concurrency: 64, batchSize: 64, pollInterval: 0.02 })
    },
    async run(steps, mark) {
      const id = randomUUID()
      const ended = new Promise((done) => underway.set(id, { mark, done }))
      await app.spawn('bench', { id, steps })
      await ended
      underway.delete(id)
    },
    async stop() {
      await worker.close()
      await pool.end()
    },
  }
}
