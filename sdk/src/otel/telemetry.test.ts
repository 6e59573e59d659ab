import { TracerProvider } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import type { SeenSpan } from '../testing/decode-spans.ts'
import { until, useFake } from '../testing/start-fake.ts'
import { CairnSpanProcessor } from './span-processor.ts'

const fake = useFake()
const byName = (spans: SeenSpan[], name: string): SeenSpan => {
  const span = spans.find((s) => s.name === name)
  if (span === undefined) throw new Error(`no span ${name} among ${spans.map((s) => s.name)}`)
  return span
}

describe('spans of a run', () => {
  it('are in the collector before the run’s outcome, in the run’s trace, under one root', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector, { telemetry: true })
    const agent = cairn.agent({ name: 'research', version: '3' }, async (run) => {
      await run.tool('search', { input: { q: 'x' } }, () => cairn.span('inner', () => ['hit']))
      return 'done'
    })
    let spansAtOutcome = 0
    collector.intercept = ({ path }) => {
      if (path.endsWith('/outcome')) spansAtOutcome = collector.spans.length
      return undefined
    }
    await agent.run('why', { sessionId: 's-1', userId: 'u-1' })
    const { id, traceId } = collector.firstRun
    const common = {
      'cairn.run.id': id,
      'cairn.execution': 1,
      'cairn.agent': 'research',
      'cairn.agent.version': '3',
      'session.id': 's-1',
      'user.id': 'u-1',
    }
    const root = byName(collector.spans, 'invoke_agent research')
    expect(root).toMatchObject({ traceId, parentSpanId: '', error: false })
    expect(root.attributes).toMatchObject({
      ...common,
      'cairn.root': true,
      'cairn.kind': 'agent',
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'research',
      'cairn.input': '"why"',
      'cairn.output': '"done"',
    })
    const tool = byName(collector.spans, 'search')
    expect(tool).toMatchObject({ traceId, parentSpanId: root.spanId })
    expect(tool.attributes).toMatchObject({
      ...common,
      'cairn.kind': 'tool',
      'cairn.step.key': 'search',
      'cairn.step.status': 'succeeded',
      'gen_ai.tool.name': 'search',
      'gen_ai.tool.call.arguments': '{"q":"x"}',
      'gen_ai.tool.call.result': '["hit"]',
    })
    expect(byName(collector.spans, 'inner')).toMatchObject({
      traceId,
      parentSpanId: tool.spanId,
      attributes: { ...common, 'cairn.step.key': 'search' },
    })
    expect(collector.firstRun.steps.get('search')?.spanId).toBe(tool.spanId)
    expect(spansAtOutcome).toBe(3)
  })

  it('of the next execution are in the same trace and link to the last', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector, { telemetry: true })
    const agent = cairn.agent({ name: 'a' }, async (run) => {
      await run.step('one', () => 1)
      if (run.execution === 1) throw new Error('stop')
    })
    await agent.run(undefined).catch(() => {})
    await until(() => collector.messages.some((message) => message.type === 'spans' && message.opened.some((span) => span.root)))
    const [first] = collector.spans.filter((span) => span.name === 'invoke_agent a')
    expect(first).toMatchObject({ error: true, attributes: { 'error.type': 'Error' } })
    collector.firstRun.rootSpanId = first?.spanId as never
    await cairn.serve([agent], { handleSignals: false })
    collector.requeue(collector.firstRun.id)
    await until(() => collector.firstRun.status === 'succeeded')
    const roots = collector.spans.filter((span) => span.name === 'invoke_agent a')
    expect(roots[1]).toMatchObject({
      traceId: first?.traceId,
      parentSpanId: '',
      links: [{ traceId: first?.traceId, spanId: first?.spanId }],
    })
    expect(collector.spans.filter((span) => span.name === 'one').length).toBe(1)
  })

  it('are a span for each attempt under the step’s, where a step may be tried again', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector, { telemetry: true })
    const agent = cairn.agent({ name: 'a' }, (run) =>
      run.model('ask', { model: 'm-1', provider: 'p', retry: { attempts: 2, backoff: 1 } }, (call) => {
        if (call.attempt === 1) throw new Error('busy')
        call.response({ model: 'm-1-2026', usage: { inputTokens: 5, outputTokens: 2 } })
        return 'text'
      }),
    )
    await agent.run(undefined)
    const step = byName(collector.spans, 'ask')
    expect(step.attributes).toMatchObject({ 'cairn.kind': 'step', 'cairn.step.key': 'ask' })
    expect(step.attributes['gen_ai.operation.name']).toBeUndefined()
    const attempts = collector.spans.filter((span) => span.parentSpanId === step.spanId)
    expect(attempts.map((span) => [span.error, span.attributes['gen_ai.usage.input_tokens'], span.attributes['cairn.step.key']])).toEqual([
      [true, undefined, 'ask'],
      [false, 5, 'ask'],
    ])
  })

  it('that are open are told to the collector, and closed ones too', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector, { telemetry: true })
    const gate = Promise.withResolvers<void>()
    const agent = cairn.agent({ name: 'a' }, (run) => run.step('slow', () => gate.promise))
    const running = agent.run(undefined)
    const opened = () => collector.messages.flatMap((message) => (message.type === 'spans' ? message.opened : []))
    await until(() => opened().length === 2)
    expect(opened().map((span) => [span.name, span.root, span.attributes['cairn.step.key']])).toEqual([
      ['invoke_agent a', true, undefined],
      ['slow', false, 'slow'],
    ])
    gate.resolve()
    await running
    const closed = () => collector.messages.flatMap((message) => (message.type === 'spans' ? message.closed : []))
    await until(() => closed().length === 2)
    expect(new Set(closed())).toEqual(new Set(opened().map((span) => span.spanId)))
  })
})

describe('the span processor', () => {
  it('delivers all of a burst that never yields, and keeps its memory bounded', async () => {
    const collector = await fake.start()
    const processor = new CairnSpanProcessor({ url: collector.url })
    const provider = new TracerProvider({ spanProcessors: [processor] })
    const tracer = provider.getTracer('test')
    for (let i = 0; i < 10_000; i++) tracer.startSpan(`s${i}`, { attributes: { text: 'x'.repeat(1_000), i } }).end()
    await provider.forceFlush()
    expect(new Set(collector.spans.map((span) => span.name)).size).toBe(10_000)
    expect(processor.droppedSpans).toBe(0)
    await provider.shutdown()
  })

  it('tries again while the collector says "later", and gives up only what it refuses', async () => {
    const collector = await fake.start()
    let requests = 0
    collector.intercept = ({ path }) => (path === '/v1/traces' && ++requests <= 2 ? { status: 503 } : undefined)
    const processor = new CairnSpanProcessor({ url: collector.url })
    const provider = new TracerProvider({ spanProcessors: [processor] })
    provider.getTracer('test').startSpan('one').end()
    await provider.forceFlush()
    expect([collector.spans.length, requests]).toEqual([1, 3])
    collector.intercept = () => ({ status: 400 })
    provider.getTracer('test').startSpan('two').end()
    await provider.forceFlush()
    expect(processor.droppedSpans).toBe(1)
    await provider.shutdown()
  })

  it('drops the oldest past its limit while the collector is away', async () => {
    const collector = await fake.start()
    collector.intercept = () => 'drop'
    const processor = new CairnSpanProcessor({ url: collector.url, maxQueueBytes: 50_000, maxBatchSpans: 10 })
    const provider = new TracerProvider({ spanProcessors: [processor] })
    const tracer = provider.getTracer('test')
    for (let i = 0; i < 200; i++) tracer.startSpan(`s${i}`, { attributes: { text: 'x'.repeat(1_000) } }).end()
    expect(processor.droppedSpans).toBeGreaterThan(100)
    collector.intercept = () => undefined
    await provider.forceFlush()
    expect(collector.spans.map((span) => span.name)).toContain('s199')
    expect(collector.spans.length + processor.droppedSpans).toBe(200)
    await provider.shutdown()
  })

  it('joins an app’s own set-up, keeping the run’s trace id', async () => {
    const collector = await fake.start()
    const { trace } = await import('@opentelemetry/api')
    const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks')
    const { context } = await import('@opentelemetry/api')
    const processor = new CairnSpanProcessor({ url: collector.url })
    const provider = new TracerProvider({ spanProcessors: [processor] })
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    trace.setGlobalTracerProvider(provider)
    try {
      const agent = fake
        .connect(collector, { telemetry: true })
        .agent({ name: 'a' }, (run) => run.step('one', () => trace.getTracer('app').startActiveSpan('of the app', (span) => span.end())))
      await agent.run(undefined)
      expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([collector.firstRun.traceId]))
      expect(byName(collector.spans, 'of the app')).toMatchObject({
        parentSpanId: byName(collector.spans, 'one').spanId,
        attributes: { 'cairn.step.key': 'one' },
      })
    } finally {
      trace.disable()
      context.disable()
      await provider.shutdown()
    }
  })
})
