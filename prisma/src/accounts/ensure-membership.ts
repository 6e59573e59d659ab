import type { Queryable } from '../queryable.ts'

export type Role = 'owner' | 'member' | 'viewer'

/** Makes a person belong to an organisation; one who does already keeps their role. */
export async function ensureMembership(db: Queryable, membership: { organizationId: string; userId: string; role: Role }): Promise<void> {
  await db.query('insert into memberships (organization_id, user_id, role) values ($1, $2, $3) on conflict do nothing', [
    membership.organizationId,
    membership.userId,
    membership.role,
  ])
}
