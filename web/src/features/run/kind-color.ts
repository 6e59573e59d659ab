const COLORS: Readonly<Record<string, string>> = {
  agent: 'var(--kind-agent)',
  workflow: 'var(--kind-agent)',
  model: 'var(--kind-model)',
  embedding: 'var(--kind-model)',
  reranker: 'var(--kind-model)',
  tool: 'var(--kind-tool)',
  retriever: 'var(--kind-tool)',
  step: 'var(--kind-step)',
}

export const kindColor = (kind: string) => COLORS[kind] ?? 'var(--kind-other)'
