/** Pages by `g` and a letter. */
export const GO_KEYS: Readonly<Record<string, string>> = {
  '/': 'o',
  '/runs': 'r',
  '/failures': 'f',
  '/traces': 't',
  '/sessions': 's',
  '/users': 'u',
  '/cost': 'c',
  '/latency': 'l',
  '/few-shot': 'e',
  '/workers': 'w',
  '/schedules': 'h',
  '/settings': ',',
}
