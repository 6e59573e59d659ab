import { appendFileSync } from 'node:fs'
import { Cairn } from '@cairn/sdk'

/** A worker whose one agent answers in a session and keeps it short: the ledger file has a line for each summary that was made. */
const cairn = new Cairn()
const chat = cairn.agent({ name: 'chat', version: '1' }, async (run) => {
  const found = await run.session?.context({
    keepTokens: 2,
    maxTokens: 4,
    countTokens: () => 1,
    summarise: (older, { previous }) => {
      const summary = [...(previous === null ? [] : [previous]), ...older.map(({ content }) => String(content))].join(',')
      appendFileSync(process.env.LEDGER ?? '', `${summary}\n`)
      return summary
    },
  })
  await run.emit('context', found?.tokens)
  return found?.messages.map(({ content }) => content)
})
await cairn.serve([chat])
process.send?.({ type: 'ready' })
