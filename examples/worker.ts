import { cairn } from './agents/clients.ts'
import { invoices } from './agents/invoices.ts'
import { research, writer } from './agents/research.ts'
import { support } from './agents/support.ts'

/** A worker that serves the sample agents, as a process of its own. */
const worker = await cairn.serve([research, writer, support, invoices], { capacity: 20, handleSignals: false, stopTimeoutMs: 3_000 })
process.stdout.write('the sample worker serves research, writer, support-triage and invoice-extract\n')
process.send?.({ type: 'ready' })

let stopping = false
async function stop(): Promise<void> {
  if (stopping) process.exit(1)
  stopping = true
  setTimeout(() => process.exit(1), 8_000).unref()
  await worker.stop()
  await cairn.close()
  process.exit(0)
}
process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())
process.on('disconnect', () => void stop())
