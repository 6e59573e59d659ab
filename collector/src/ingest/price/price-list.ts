import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { calcPrice, findProvider, type ModelInfo, type ModelPrice, type Provider } from '@pydantic/genai-prices'
import { own } from '../own.ts'

export interface ListedPrice {
  readonly priceId: string
  /** The list's provider: service tiers depend on it. */
  readonly provider: string
  readonly prices: ModelPrice
}

const manifest = findPackageJSON('@pydantic/genai-prices', import.meta.url)
const { version } = JSON.parse(manifest === undefined ? '{"version":"unknown"}' : readFileSync(manifest, 'utf8')) as { version: string }

/** Our conventions' names of providers → the list's. What isn't here is matched by the list itself. */
const PROVIDERS: Readonly<Record<string, string>> = {
  'azure.ai.openai': 'azure',
  'azure.ai.inference': 'azure',
  'az.ai.openai': 'azure',
  'az.ai.inference': 'azure',
  'azure-openai': 'azure',
  azure_openai: 'azure',
  'aws.bedrock': 'aws',
  bedrock: 'aws',
  bedrock_converse: 'aws',
  'amazon-bedrock': 'aws',
  'gcp.gemini': 'google',
  'gcp.vertex_ai': 'google',
  'gcp.gen_ai': 'google',
  vertex_ai: 'google',
  vertexai: 'google',
  vertex: 'google',
  google_genai: 'google',
  'google-genai': 'google',
  x_ai: 'x-ai',
  xai: 'x-ai',
  mistral_ai: 'mistral',
  mistralai: 'mistral',
  moonshot_ai: 'moonshotai',
  fireworks_ai: 'fireworks',
  together_ai: 'together',
  togetherai: 'together',
}

/** Run on one's own machines: the public list's prices aren't theirs. */
const LOCAL = new Set(['ollama', 'vllm', 'llamacpp', 'llama.cpp', 'lmstudio', 'lm-studio', 'local', 'localai', 'tgi', 'sglang'])
/** In front of a model's name at gateways: where the call went, not what it is. */
const GATEWAYS = new Set([
  'openrouter',
  'litellm',
  'vertex_ai',
  'vertex',
  'bedrock',
  'azure',
  'azure_ai',
  'google',
  'gemini',
  'vercel',
  'portkey',
  'helicone',
])
const REGION = /^(?:us|eu|apac|ap|jp|au|ca|global|us-gov)\.(?=[a-z0-9-]+\.)/
const DATE = /[-@:](?:20\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])|\d{4}|latest)$/
const MOST_REMEMBERED = 5_000

interface Match {
  readonly provider: Provider
  readonly model: ModelInfo
}
const matches = new Map<string, Match | null>()

/** The public list's price of a model at a time; null where it knows none. */
export function findListedPrice(provider: string, model: string, at: Date): ListedPrice | null {
  const key = `${provider}\0${model}`
  let match = matches.get(key)
  if (match === undefined) {
    if (matches.size >= MOST_REMEMBERED) matches.clear()
    match = findMatch(provider, model)
    matches.set(key, match)
  }
  if (match === null) return null
  const prices = Array.isArray(match.model.prices) ? findDatedPrice(match, at) : match.model.prices
  if (prices === undefined) return null
  return { priceId: `genai-prices@${version}/${match.provider.id}/${match.model.id}`, provider: match.provider.id, prices }
}

function findDatedPrice({ provider, model }: Match, at: Date): ModelPrice | undefined {
  const only: Provider = { ...provider, extractors: [], models: [model], fallback_model_providers: [] }
  return calcPrice({}, model.id, { provider: only, timestamp: at })?.model_price
}

function findMatch(provider: string, model: string): Match | null {
  if (LOCAL.has(provider)) return null
  for (const candidate of listCandidates(provider, model)) {
    const options = candidate.provider === undefined ? {} : { providerId: candidate.provider }
    const found = calcPrice({}, candidate.model, options)
    if (found !== null) return { provider: found.provider, model: { ...found.model, match: { equals: found.model.id } } }
  }
  return null
}

const listedAs = (provider: string): string => own(PROVIDERS, provider) ?? provider

/** Most exact first: as sent; without gateway and region; without a date; by the model's name alone. */
function* listCandidates(provider: string, model: string): Generator<{ provider: string | undefined; model: string }> {
  const listed = listedAs(provider)
  const known = listed !== '' && findProvider({ providerId: listed }) !== undefined ? listed : undefined
  for (const name of listNames(model)) {
    if (known !== undefined) yield { provider: known, model: name }
    const slash = name.indexOf('/')
    const maker = slash > 0 ? listedAs(name.slice(0, slash)) : undefined
    if (maker !== undefined && findProvider({ providerId: maker }) !== undefined) yield { provider: maker, model: name.slice(slash + 1) }
    if (known === undefined) yield { provider: undefined, model: name }
  }
  // A known seller that doesn't list the model: its maker's price, as gateways pass it on.
  if (known !== undefined) for (const name of listNames(model)) yield { provider: undefined, model: name.slice(name.lastIndexOf('/') + 1) }
}

function* listNames(model: string): Generator<string> {
  let name = model.trim().toLowerCase()
  yield name
  for (;;) {
    const slash = name.indexOf('/')
    if (slash <= 0 || !GATEWAYS.has(name.slice(0, slash))) break
    name = name.slice(slash + 1)
    yield name
  }
  const unregioned = name.replace(REGION, '')
  if (unregioned !== name) yield unregioned
  const undated = unregioned.replace(DATE, '')
  if (undated !== unregioned) yield undated
}
