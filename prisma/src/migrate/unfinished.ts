import type pg from 'pg'

const COMMITTED = 'script committed'

/** Closes a migration's script, in its transaction: says that the migration in progress was committed. */
export const COMMIT_MARK = `
;do $mark$ begin
  if to_regclass('_prisma_migrations') is not null then
    update _prisma_migrations set logs = '${COMMITTED}' where finished_at is null and rolled_back_at is null;
  end if;
end $mark$`

/** Settles migrations that a killed process left unfinished; call it under the migration lock, so that none is in progress. */
export async function settleUnfinished(client: pg.Client): Promise<void> {
  await client.query(
    `update _prisma_migrations set finished_at = now(), applied_steps_count = 1, logs = null
      where finished_at is null and rolled_back_at is null and logs = $1`,
    [COMMITTED],
  )
  await client.query('delete from _prisma_migrations where finished_at is null and rolled_back_at is null')
}
