import { ColumnTypeEnum, type SqlResultSet } from '@prisma/driver-adapter-utils'
import pg from 'pg'

const CHAR = 18
const CHAR_ARRAY = 1002

type Answer = pg.QueryResult | pg.QueryResult[] | undefined
type Callback = (error: unknown, answer: Answer) => void
type AnyQuery = (...args: unknown[]) => unknown

/**
 * The schema engine reads columns of type "char" from Postgres' catalogues, and Prisma's adapter knows only arrays of that
 * type: they pass it under that name, and `charColumns` puts them right after it.
 */
export class CatalogueClient extends pg.Client {
  // A cast, as pg's own signature is a dozen overloads.
  override query = ((...args: unknown[]) => {
    const callback = args.at(-1)
    if (typeof callback === 'function')
      args[args.length - 1] = (error: unknown, answer: Answer) => (callback as Callback)(error, charAsArray(answer))
    const promised = (super.query as AnyQuery)(...args)
    return promised instanceof Promise ? promised.then(charAsArray) : promised
  }) as pg.Client['query']
}

function charAsArray(answer: Answer): Answer {
  for (const result of Array.isArray(answer) ? answer : [answer]) {
    for (const field of result?.fields ?? []) if (field.dataTypeID === CHAR) field.dataTypeID = CHAR_ARRAY
  }
  return answer
}

/** For the columns that went through the adapter as arrays. No query of the engine has real ones. */
export function charColumns(result: SqlResultSet): SqlResultSet {
  const { CharacterArray, Character } = ColumnTypeEnum
  return { ...result, columnTypes: result.columnTypes.map((type) => (type === CharacterArray ? Character : type)) }
}
