export { createPool, createPrisma, type PoolOptions, type PrismaClient, type Queryable } from './client.ts'
export { StoreError, type StoreErrorCode, VersionConflictError } from './errors.ts'
