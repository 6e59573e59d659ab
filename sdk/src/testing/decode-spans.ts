/** The part of an exported span that tests look at. */
export interface SeenSpan {
  name: string
  traceId: string
  spanId: string
  parentSpanId: string
  attributes: Record<string, unknown>
  links: { traceId: string; spanId: string }[]
  error: boolean
}

type Field = { number: number; bytes: Buffer; value: bigint }

/** Reads the spans of an OTLP/protobuf request, without the package that wrote it. */
export function decodeSpans(body: Buffer): SeenSpan[] {
  return all(body, 1).flatMap((resource) => all(resource, 2).flatMap((scope) => all(scope, 2).map(toSpan)))
}

function toSpan(body: Buffer): SeenSpan {
  const attributes: Record<string, unknown> = {}
  for (const pair of all(body, 9)) attributes[String(one(pair, 1))] = toValue(one(pair, 2))
  const status = all(body, 15)[0]
  return {
    traceId: one(body, 1).toString('hex'),
    spanId: one(body, 2).toString('hex'),
    parentSpanId: one(body, 4).toString('hex'),
    name: String(one(body, 5)),
    attributes,
    links: all(body, 13).map((link) => ({ traceId: one(link, 1).toString('hex'), spanId: one(link, 2).toString('hex') })),
    error: status !== undefined && fields(status).some((field) => field.number === 3 && field.value === 2n),
  }
}

function toValue(body: Buffer): unknown {
  const field = fields(body)[0]
  if (field === undefined) return null
  if (field.number === 1) return field.bytes.toString()
  if (field.number === 2) return field.value === 1n
  if (field.number === 3) return Number(field.value)
  if (field.number === 4) return field.bytes.readDoubleLE()
  return field.number === 5 ? all(field.bytes, 1).map(toValue) : field.bytes
}

const all = (body: Buffer, number: number): Buffer[] =>
  fields(body)
    .filter((field) => field.number === number)
    .map((field) => field.bytes)

const one = (body: Buffer, number: number): Buffer => all(body, number)[0] ?? Buffer.alloc(0)

function fields(body: Buffer): Field[] {
  const out: Field[] = []
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = body[at++] ?? 0
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  while (at < body.length) {
    const tag = Number(varint())
    const wire = tag & 7
    const value = wire === 0 ? varint() : 0n
    const length = wire === 2 ? Number(varint()) : wire === 1 ? 8 : wire === 5 ? 4 : 0
    out.push({ number: tag >> 3, bytes: body.subarray(at, at + length), value })
    at += length
  }
  return out
}
