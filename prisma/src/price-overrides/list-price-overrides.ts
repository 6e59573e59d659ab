import type { Queryable } from '../client.ts'
import type { PriceOverride } from './price-override.ts'

/** A project's own prices; of several for one model, the newest valid one comes first. */
export async function listPriceOverrides(db: Queryable, projectId: string): Promise<PriceOverride[]> {
  const { rows } = await db.query<PriceOverride>(
    `select id, provider, model, prices, valid_from as "validFrom" from price_overrides
      where project_id = $1 order by provider, model, valid_from desc, id desc`,
    [projectId],
  )
  return rows
}
