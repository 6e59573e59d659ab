/** Names whose dots belong to them; elsewhere what follows a dot is the AI SDK's API (`openai.responses`). */
const DOTTED = /^(aws|azure|az|gcp|ibm)\./

export function normaliseProvider(provider: string): string {
  const name = provider.trim().toLowerCase()
  return DOTTED.test(name) ? name : (name.split('.')[0] ?? '')
}
