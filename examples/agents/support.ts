import { z } from 'zod'
import { cairn, callOptions, openai } from './clients.ts'

const Ticket = z.object({
  customer: z.string(),
  subject: z.string(),
  body: z.string(),
  /** What goes wrong in the sample, if anything. */
  trouble: z.enum(['none', 'rate_limit', 'context_length', 'unknown_customer']).default('none'),
})

class CustomerNotFoundError extends Error {
  override readonly name = 'CustomerNotFoundError'
}

const CUSTOMERS: Readonly<Record<string, { plan: string; since: number }>> = {
  ada: { plan: 'team', since: 2023 },
  grace: { plan: 'enterprise', since: 2021 },
  linus: { plan: 'free', since: 2025 },
  margaret: { plan: 'team', since: 2024 },
}

const SYSTEM = `You answer support tickets for a project-management product. Be brief, warm and exact. Never promise a date. Never mention other
customers. If money is concerned, name the amount and the day it moves. End with one sentence that says what happens next. Use the
customer's first name once. If you don't know, say who will find out. Plans are free, team and enterprise; exports run nightly; limits
can be raised by us for thirty days; refunds go to the original card and take three to five working days.`

export const support = cairn.agent(
  { name: 'support-triage', version: '7', input: Ticket, recovery: { mode: 'manual' }, steps: 4 },
  async (run, ticket) => {
    const examples = await run.fewShot('support-replies', { limit: 2, like: ticket.subject }).catch(() => [])
    run.state.examples = examples.length

    const category = await run.model('classify', async (call) => {
      const messages = [
        {
          role: 'user' as const,
          content: `Classify this ticket: ${ticket.subject}\nREPLY: ${/refund|charge|invoice/i.test(ticket.subject) ? 'billing' : 'technical'}`,
        },
      ]
      call.request({ provider: 'openai', model: 'gpt-4o-mini', messages })
      return openai.chat.completions.create({ model: 'gpt-4o-mini', messages }, callOptions(call)).then((answer) => {
        call.response(answer)
        return answer.choices[0]?.message.content ?? 'technical'
      })
    })
    run.state.category = category

    const customer = await run.tool('lookup-customer', { input: { customer: ticket.customer } }, () => {
      const known = CUSTOMERS[ticket.customer]
      if (known === undefined || ticket.trouble === 'unknown_customer')
        throw new CustomerNotFoundError(`customer "${ticket.customer}" is not in the directory`)
      return known
    })

    const reply = await run.model('draft-reply', { retry: { attempts: 2, backoff: 50 } }, async (call) => {
      const shots = examples.flatMap((example) => [
        { role: 'user' as const, content: JSON.stringify(example.input) },
        { role: 'assistant' as const, content: JSON.stringify(example.output) },
      ])
      const messages = [
        { role: 'system' as const, content: SYSTEM },
        ...shots,
        { role: 'user' as const, content: `A ${customer.plan} customer writes: ${ticket.subject}\n${ticket.body}` },
      ]
      call.request({ provider: 'openai', model: 'gpt-4o', messages })
      const sim = ticket.trouble === 'rate_limit' || ticket.trouble === 'context_length' ? ticket.trouble : undefined
      const answer = await openai.chat.completions.create({ model: 'gpt-4o', messages }, callOptions(call, { sim }))
      call.response(answer)
      return answer.choices[0]?.message.content ?? ''
    })
    await run.tool('send-reply', { input: { to: ticket.customer } }, () => ({ sent: true }))
    return { category, reply }
  },
)
