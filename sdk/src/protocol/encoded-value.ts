import { z } from 'zod'
import type { JsonValue } from './values.ts'

/** A value as it travels: any JSON. `decodeValue` gives the JavaScript value back. */
export const EncodedValue = z.custom<JsonValue>((v) => v !== undefined, 'must be a JSON value').meta({ description: 'Any JSON value.' })
export type EncodedValue = JsonValue
