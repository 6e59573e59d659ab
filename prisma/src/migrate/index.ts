export { diffFromMigrations } from './diff.ts'
export { type MigrateOptions, migrate } from './migrate.ts'
