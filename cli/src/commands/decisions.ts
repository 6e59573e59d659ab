import type { ResumePreview } from '@cairn/sdk/protocol'
import { usageError } from '../errors.ts'
import { parseJson } from '../options.ts'
import type { Output } from '../terminal.ts'
import { escapeLine } from '../text/escape.ts'

/** What a person says of a step: run it again, or take this output. */
export type Decision = { readonly step: string; readonly retry: true } | { readonly step: string; readonly output: unknown }

export function readDecisions(retries: readonly string[], outputs: readonly string[]): Decision[] {
  const decisions: Decision[] = retries.map((step) => ({ step, retry: true }))
  for (const text of outputs) {
    // A step's key may hold "=", so the first one after which JSON begins divides.
    const at = [...text.matchAll(/=/g)].map((match) => match.index).find((index) => index > 0 && isJson(text.slice(index + 1)))
    if (at === undefined)
      throw usageError(
        `--output ${JSON.stringify(text.slice(0, 80))} is not STEP=JSON.`,
        `As in --output 'publish={"url":"https://example.org"}'`,
      )
    decisions.push({ step: text.slice(0, at), output: JSON.parse(text.slice(at + 1)) })
  }
  return decisions
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The given decisions, and those that a person makes for each step whose effect nobody knows. */
export async function decideSteps(out: Output, preview: ResumePreview, given: readonly Decision[]): Promise<Decision[]> {
  const decided = new Set(given.map(({ step }) => step))
  const open = preview.undecided.filter(({ key }) => !decided.has(key))
  if (open.length > 0 && !out.canAsk) {
    const keys = open.map(({ key }) => JSON.stringify(key.slice(0, 200))).join(', ')
    throw usageError(
      `Nobody knows whether the effect of ${keys} took place.`,
      'Look, then say for each: --retry STEP to run it (again), or --output STEP=JSON to skip it with this output.',
    )
  }
  const made: Decision[] = []
  for (const { key } of open) {
    const name = escapeLine(key.slice(0, 200))
    out.terminal.stderr.write(`${out.errorStyle('yellow', `${name} began, and nobody knows whether its effect took place.`)}\n`)
    const answer = await out.ask('Run it (again): r. It took place: its output as JSON. Leave: Enter. ')
    if (answer === '') throw usageError('Nothing was done.', 'Look at what the step did first.')
    made.push(answer.toLowerCase() === 'r' ? { step: key, retry: true } : { step: key, output: parseJson(answer, 'The output') })
  }
  return [...given, ...made]
}
