import { createHash, randomBytes } from 'node:crypto'

export interface ApiKey {
  id: string
  projectId: string
  name: string
  /** First characters, to tell keys apart. */
  prefix: string
  createdAt: string
  lastUsedAt: string | null
  revokedAt: string | null
}

/** 256 bits of randomness, so a fast hash is enough to keep it. */
export const makeApiKey = (): string => `cairn_${randomBytes(32).toString('base64url')}`

export const hashApiKey = (key: string): Buffer => createHash('sha256').update(key).digest()

export const prefixOf = (key: string): string => key.slice(0, 12)

export const API_KEY_COLUMNS = `id, project_id as "projectId", name, prefix, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"`
