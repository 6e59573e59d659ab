export { type Otel, type OtelOptions, setupOtel } from './setup.ts'
export { CairnSpanProcessor, type CairnSpanProcessorOptions } from './span-processor.ts'
