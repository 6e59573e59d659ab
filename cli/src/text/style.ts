const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, gray: 90 } as const
export type StyleName = keyof typeof CODES

/** Colours a text, or leaves it as it is where colours are off. */
export type Style = (name: StyleName, text: string) => string

export const PLAIN: Style = (_name, text) => text
export const COLOURED: Style = (name, text) =>
  text === '' ? '' : `\u001b[${CODES[name]}m${text}\u001b[${name === 'bold' || name === 'dim' ? 22 : 39}m`

/** Colours only on a terminal that has them; NO_COLOR and FORCE_COLOR as everywhere. */
export function hasColours(isTty: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0'
  return isTty && env.TERM !== 'dumb'
}

const STATUS_STYLES: Readonly<Record<string, StyleName>> = {
  succeeded: 'green',
  running: 'cyan',
  queued: 'blue',
  waiting: 'blue',
  paused: 'yellow',
  failed: 'red',
  crashed: 'magenta',
  interrupted: 'magenta',
  unknown: 'yellow',
  cancelled: 'gray',
}
export const statusStyle = (status: string): StyleName => STATUS_STYLES[status] ?? 'bold'
