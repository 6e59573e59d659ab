import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '../client.ts'
import type { PriceOverride } from './price-override.ts'

/** Sets a price from a time on (default: now). Earlier prices stay, as the history. */
export async function putPriceOverride(
  db: Queryable,
  price: { projectId: string; provider: string; model: string; prices: Record<string, string>; validFrom?: string },
): Promise<PriceOverride> {
  const { rows } = await db.query<PriceOverride>(
    `insert into price_overrides (id, project_id, provider, model, prices, valid_from)
     values ($1, $2, $3, $4, $5, coalesce($6::timestamptz, now()))
     returning id, provider, model, prices, valid_from as "validFrom"`,
    [uuidv7(), price.projectId, price.provider, price.model, JSON.stringify(price.prices), price.validFrom ?? null],
  )
  const [stored] = rows
  if (stored === undefined) throw new Error('insert returned no row')
  return stored
}
