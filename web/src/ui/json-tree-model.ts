/** Where a value stands: under `key` of `node`, which stands at `above`. Shared between rows, so that depth costs nothing. */
export interface TreePath {
  readonly node: object
  readonly key: string
  readonly index: number
  readonly above: TreePath | null
}

export interface TreeRow {
  /** `more`: children of `node` from `index` on are not shown; `end`: the rest of it was not sent. */
  readonly kind: 'scalar' | 'node' | 'more' | 'end'
  readonly depth: number
  /** Null at the root. */
  readonly path: TreePath | null
  readonly value: unknown
  readonly isOpen: boolean
  readonly size: number
}

export interface TreeView {
  /** What was opened or closed by hand; else it is open down to `openDepth`. */
  readonly opened: ReadonlyMap<object, boolean>
  readonly openDepth: number
  /** How many children of a long one are shown; else PAGE. */
  readonly shown: ReadonlyMap<object, number>
  /** What came later of those that were sent cut. */
  readonly extra: ReadonlyMap<object, readonly (readonly [string, unknown])[]>
  /** How many each of those has whole. */
  readonly wholeSize: ReadonlyMap<object, number>
}

export const PAGE = 200
export const MOST_ROWS = 150_000

export const isNode = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array)

const keysOf = (node: object): readonly string[] | null => (Array.isArray(node) ? null : Object.keys(plain(node)))

/** Maps, sets and errors by what is in them. */
function plain(node: object): object {
  if (node instanceof Map) return Object.fromEntries([...node].map(([key, value]) => [String(key), value]))
  if (node instanceof Set) return [...node]
  if (node instanceof Error) return { ...node, name: node.name, message: node.message }
  return node
}

interface Frame {
  readonly node: object
  readonly of: object
  readonly keys: readonly string[] | null
  readonly size: number
  readonly own: number
  readonly extra: readonly (readonly [string, unknown])[]
  readonly depth: number
  readonly path: TreePath | null
  index: number
}

/** The open part of a value as rows, over an explicit stack: depth is no limit. */
export function flattenTree(root: unknown, view: TreeView): TreeRow[] {
  const rows: TreeRow[] = []
  const stack: Frame[] = []
  const visit = (value: unknown, path: TreePath | null, depth: number) => {
    if (!isNode(value)) {
      rows.push({ kind: 'scalar', depth, path, value, isOpen: false, size: 0 })
      return
    }
    const frame = toFrame(value, { depth: depth + 1, path, view })
    const size = view.wholeSize.get(value) ?? frame.size
    const isOpen = size > 0 && (view.opened.get(value) ?? depth < view.openDepth)
    rows.push({ kind: 'node', depth, path, value, isOpen, size })
    if (isOpen) stack.push(frame)
  }
  visit(root, null, 0)
  for (let frame = stack.at(-1); frame !== undefined && rows.length < MOST_ROWS; frame = stack.at(-1)) {
    const limit = Math.min(frame.size, view.shown.get(frame.node) ?? PAGE)
    if (frame.index < limit) {
      const index = frame.index++
      const [key, value] = childAt(frame, index)
      visit(value, { node: frame.node, key, index, above: frame.path }, frame.depth)
      continue
    }
    stack.pop()
    const whole = view.wholeSize.get(frame.node) ?? frame.size
    const rest = { depth: frame.depth, path: frame.path, value: frame.node, isOpen: false }
    if (limit < frame.size) rows.push({ ...rest, kind: 'more', size: whole - limit })
    else if (frame.size < whole) rows.push({ ...rest, kind: 'end', size: whole - frame.size })
  }
  return rows
}

function toFrame(node: object, { depth, path, view }: { depth: number; path: TreePath | null; view: TreeView }): Frame {
  const of = plain(node)
  const keys = keysOf(of)
  const extra = view.extra.get(node) ?? []
  const own = keys === null ? (of as unknown[]).length : keys.length
  return { node, of, keys, own, size: own + extra.length, extra, depth, path, index: 0 }
}

function childAt(frame: Frame, index: number): readonly [string, unknown] {
  const later = frame.extra[index - frame.own]
  if (later !== undefined) return later
  const key = frame.keys === null ? String(index) : (frame.keys[index] ?? '')
  return [key, (frame.of as Record<string, unknown>)[key]]
}

export function pointerOf(path: TreePath | null): string {
  const keys: string[] = []
  for (let at = path; at !== null; at = at.above) keys.push(at.key.replaceAll('~', '~0').replaceAll('/', '~1'))
  return keys
    .reverse()
    .map((key) => `/${key}`)
    .join('')
}

const IDENTIFIER = /^[\p{L}_$][\p{L}\p{N}_$]*$/u

/** As one writes it in code: `messages[3].content`. */
export function codePathOf(path: TreePath | null): string {
  const parts: string[] = []
  for (let at = path; at !== null; at = at.above)
    parts.push(Array.isArray(at.node) ? `[${at.key}]` : IDENTIFIER.test(at.key) ? `.${at.key}` : `[${JSON.stringify(at.key)}]`)
  return parts.reverse().join('').replace(/^\./, '')
}

export interface Found {
  readonly hits: readonly TreePath[]
  /** There may be more: the search went as far as it may. */
  readonly isCut: boolean
}

const MOST_HITS = 1_000
const MOST_VISITED = 400_000

/** Keys and values that have a text in them, in any case, top to bottom. */
export function findInTree(root: unknown, text: string, extra: TreeView['extra'] = new Map()): Found {
  const sought = text.toLowerCase()
  const hits: TreePath[] = []
  if (sought === '') return { hits, isCut: false }
  const view = { opened: new Map(), openDepth: 0, shown: new Map(), extra, wholeSize: new Map() }
  const stack: Frame[] = isNode(root) ? [toFrame(root, { depth: 0, path: null, view })] : []
  let visited = 0
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    if (frame.index >= frame.size) {
      stack.pop()
      continue
    }
    if (++visited > MOST_VISITED || hits.length >= MOST_HITS) return { hits, isCut: true }
    const index = frame.index++
    const [key, value] = childAt(frame, index)
    const path = { node: frame.node, key, index, above: frame.path }
    const isHit = (!Array.isArray(frame.node) && has(key, sought)) || (!isNode(value) && has(String(value), sought))
    if (isHit) hits.push(path)
    if (isNode(value)) stack.push(toFrame(value, { depth: 0, path, view }))
  }
  return { hits, isCut: false }
}

const has = (text: string, sought: string): boolean => text.toLowerCase().includes(sought)

/** What must be open for a place to be seen. */
export function openTo(path: TreePath, view: TreeView): Pick<TreeView, 'opened' | 'shown'> {
  const opened = new Map(view.opened)
  const shown = new Map(view.shown)
  for (let at: TreePath | null = path; at !== null; at = at.above) {
    opened.set(at.node, true)
    if (at.index >= (shown.get(at.node) ?? PAGE)) shown.set(at.node, Math.ceil((at.index + 1) / PAGE) * PAGE)
  }
  return { opened, shown }
}

const MOST_OPENED = 5_000

/** All of it open, level by level, as far as a page may. */
export function openAll(root: unknown): Map<object, boolean> {
  const opened = new Map<object, boolean>()
  const queue: object[] = isNode(root) ? [root] : []
  for (let at = 0; at < queue.length && opened.size < MOST_OPENED; at++) {
    const node = queue[at]
    if (node === undefined) break
    opened.set(node, true)
    for (const child of Object.values(plain(node)).slice(0, PAGE)) if (isNode(child)) queue.push(child)
  }
  return opened
}
