import type { Queryable } from '../queryable.ts'
import type { Role } from './ensure-membership.ts'

export interface MemberProject {
  id: string
  name: string
  organizationId: string
  organization: string
  role: Role
}

/** The projects that a person may enter, oldest first. */
export async function listProjects(db: Queryable, userId: string): Promise<MemberProject[]> {
  const { rows } = await db.query<MemberProject>(
    `select p.id, p.name, o.id as "organizationId", o.name as organization, m.role
       from memberships m
       join organizations o on o.id = m.organization_id
       join projects p on p.organization_id = o.id
      where m.user_id = $1
      order by p.created_at, p.id`,
    [userId],
  )
  return rows
}
