/** One line of the doctor's report. */
export interface Check {
  /** Stable, for programs. */
  readonly id: string
  readonly what: string
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped'
  readonly detail: string
  readonly remedy?: string
}

export const ok = (id: string, what: string, detail: string): Check => ({ id, what, status: 'ok', detail })
export const warning = (id: string, what: string, detail: string, remedy: string): Check => ({
  id,
  what,
  status: 'warning',
  detail,
  remedy,
})
export const failed = (id: string, what: string, detail: string, remedy: string): Check => ({ id, what, status: 'failed', detail, remedy })
export const skipped = (id: string, what: string, detail: string): Check => ({ id, what, status: 'skipped', detail })
