import type { Queryable } from '../queryable.ts'

export interface PriceOverrideRow {
  readonly id: string
  /** Empty: of any provider. */
  readonly provider: string
  readonly model: string
  /** US dollars a million tokens, by part of usage. */
  readonly prices: unknown
  readonly validFrom: Date
}

/** A project's own prices, all of them: they are few. */
export async function listPriceOverrides(db: Queryable, options: { projectId: string }): Promise<PriceOverrideRow[]> {
  const { rows } = await db.query<Omit<PriceOverrideRow, 'validFrom'> & { validFromMs: number }>({
    name: 'list-price-overrides',
    text: `SELECT id, provider, model, prices, (extract(epoch FROM valid_from) * 1000)::float8 AS "validFromMs"
      FROM price_overrides WHERE project_id = $1`,
    values: [options.projectId],
  })
  return rows.map(({ validFromMs, ...row }) => ({ ...row, validFrom: new Date(validFromMs) }))
}
