import { hostname } from 'node:os'
import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  defaultResource,
  detectResources,
  envDetector,
  type ResourceDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources'
import { type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { SDK_VERSION } from '../version.ts'
import { RunIdGenerator } from './id-generator.ts'

/** Spans of agents carry whole conversations in flattened attributes: the default of 128 would cut them. */
export const SPAN_LIMITS = { attributeCountLimit: 4_096, eventCountLimit: 1_024 }

/** The process detector would send the command line, which may hold secrets. */
export const RESOURCE_DETECTORS: ResourceDetector[] = [envDetector, serviceInstanceIdDetector]

/** What is known of this process, for each of its spans. */
export const processResource = (serviceName: string) =>
  defaultResource().merge(
    resourceFromAttributes({
      'service.name': serviceName,
      'host.name': hostname(),
      'process.pid': process.pid,
      'process.runtime.name': 'nodejs',
      'process.runtime.version': process.versions.node,
      'telemetry.distro.name': '@cairn/sdk',
      'telemetry.distro.version': SDK_VERSION,
    }),
  )

/** A provider that sends by this processor, and gives runs their trace ids. */
export const makeProvider = (processor: SpanProcessor, serviceName: string): TracerProvider =>
  new TracerProvider({
    resource: detectResources({ detectors: RESOURCE_DETECTORS }).merge(processResource(serviceName)),
    idGenerator: new RunIdGenerator(),
    spanLimits: SPAN_LIMITS,
    spanProcessors: [processor],
  })

/**
 * Makes it the process' own: its context manager and propagators too. NodeSDK does the same and more, at half a second of loading,
 * which a process that takes over a crashed run should not have to wait for.
 */
export function registerGlobally(provider: TracerProvider): void {
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }))
}
