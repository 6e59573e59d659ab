import { readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second. */
const TICK_SECONDS = 0.01

/** What a process has used so far; NaN where the system has no /proc. */
export function readUsage(pid: number): { cpuSeconds: number; rssMb: number; peakRssMb: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces: fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS,
      rssMb: Math.round(mb('VmRSS')),
      peakRssMb: Math.round(mb('VmHWM')),
    }
  } catch {
    return { cpuSeconds: Number.NaN, rssMb: Number.NaN, peakRssMb: Number.NaN }
  }
}
