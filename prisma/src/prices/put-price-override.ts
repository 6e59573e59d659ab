import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '../queryable.ts'

/**
 * Sets a price from a time on (default: now) and answers its id. Earlier prices stay, as the history.
 * `prices` are US dollars a million tokens, by part of usage, as decimal strings.
 */
export async function putPriceOverride(
  db: Queryable,
  price: { projectId: string; provider: string; model: string; prices: Record<string, string>; validFrom?: string },
): Promise<string> {
  const id = uuidv7()
  await db.query(
    `insert into price_overrides (id, project_id, provider, model, prices, valid_from)
     values ($1, $2, $3, $4, $5, coalesce($6::timestamptz, now()))`,
    [id, price.projectId, price.provider, price.model, JSON.stringify(price.prices), price.validFrom ?? null],
  )
  return id
}

/** False: the project has none of this id. What was priced by it keeps its cost until it is priced again. */
export async function deletePriceOverride(db: Queryable, projectId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'delete-price-override',
    text: 'DELETE FROM price_overrides WHERE project_id = $1 AND id = $2',
    values: [projectId, id],
  })
  return rowCount === 1
}
