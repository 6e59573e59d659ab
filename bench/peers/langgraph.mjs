// LangGraph.js with its Postgres checkpointer: a node that is a step, and an edge back to it.
import { randomUUID } from 'node:crypto'
import { Annotation, END, START, StateGraph } from '@langchain/langgraph'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import pg from 'pg'

/** @param grow gives what each step adds to the state; without it the state stays as it is */
export function makeSystem({ databaseUrl, result, poolSize, grow }) {
  const marks = new Map()
  let pool
  let app
  return {
    name: 'LangGraph',
    async setup() {
      pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize })
      const saver = new PostgresSaver(pool)
      await saver.setup()
      app = makeGraph(async (state) => {
        const marked = marks.get(state.id)?.()
        if (marked) await marked
        return { out: result, ...(grow ? { messages: [{ role: 'assistant', content: grow() }] } : {}) }
      }).compile({ checkpointer: saver })
    },
    async run(steps, mark) {
      const id = randomUUID()
      marks.set(id, mark)
      await app.invoke(
        { i: 0, n: steps, id, out: result },
        { configurable: { thread_id: id }, durability: 'sync', recursionLimit: 1_000_000 },
      )
      await mark()
      marks.delete(id)
    },
    stop: () => pool.end(),
  }
}

export function makeGraph(step) {
  const State = Annotation.Root({
    i: Annotation(),
    n: Annotation(),
    id: Annotation(),
    out: Annotation(),
    messages: Annotation({ reducer: (a, b) => a.concat(b), default: () => [] }),
  })
  return new StateGraph(State)
    .addNode('step', async (state) => ({ i: state.i + 1, ...(await step(state)) }))
    .addEdge(START, 'step')
    .addConditionalEdges('step', (state) => (state.i < state.n ? 'step' : END))
}
