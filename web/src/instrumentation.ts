/** Once, when the server starts. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  const { ensureAdmin } = await import('./server/auth')
  await ensureAdmin()
}
