import { z } from 'zod'
import { anthropic, cairn, callOptions } from './clients.ts'

const Document = z.object({ vendor: z.string(), lines: z.array(z.object({ item: z.string(), amount: z.number() })), total: z.number() })

class TotalMismatchError extends Error {
  override readonly name = 'TotalMismatchError'
}

export const invoices = cairn.agent(
  { name: 'invoice-extract', version: '1', input: Document, recovery: { mode: 'manual' }, steps: 3 },
  async (run, document) => {
    const extracted = await run.model('extract', async (call) => {
      const sum = document.lines.reduce((total, line) => total + line.amount, 0)
      const messages = [
        {
          role: 'user' as const,
          content: `Extract vendor and total from this invoice of ${document.vendor}.\nREPLY: ${JSON.stringify({ vendor: document.vendor, total: sum })}`,
        },
      ]
      const system =
        'You read invoices and answer with JSON: vendor and total. Amounts are in euros, with a point before the cents. '.repeat(8)
      call.request({ provider: 'anthropic', model: 'claude-haiku-4-5', system, messages, maxTokens: 300 })
      const answer = await anthropic.messages.create({ model: 'claude-haiku-4-5', max_tokens: 300, system, messages }, callOptions(call))
      call.response(answer)
      const text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
      return z.object({ vendor: z.string(), total: z.number() }).parse(JSON.parse(text))
    })
    run.state.total = extracted.total
    await run.step('validate', { input: extracted }, () => {
      if (Math.abs(extracted.total - document.total) > 0.005)
        throw new TotalMismatchError(`the lines of ${document.vendor} add up to ${extracted.total}, the invoice says ${document.total}`)
    })
    await run.tool('book', { input: extracted }, () => ({ ledgerEntry: `L-${Math.round(extracted.total * 100)}` }))
    return extracted
  },
)
