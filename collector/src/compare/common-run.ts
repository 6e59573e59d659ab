/** Differences between two lists that are looked for before what is left is paired by its order: time and room grow with their square. */
const MOST_DIFFERENCES = 500

/**
 * A longest common subsequence of two lists of words, as pairs of places in rising order (Myers, O(ND)). Of lists with very many
 * differences it is what their beginnings and ends have in common.
 */
export function commonRun(a: readonly string[], b: readonly string[]): [number, number][] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  const middle = myers(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  return [
    ...Array.from({ length: head }, (_, i): [number, number] => [i, i]),
    ...middle.map(([i, j]): [number, number] => [i + head, j + head]),
    ...Array.from({ length: tail }, (_, i): [number, number] => [a.length - tail + i, b.length - tail + i]),
  ]
}

function myers(a: readonly string[], b: readonly string[]): [number, number][] {
  if (a.length === 0 || b.length === 0) return []
  const most = Math.min(a.length + b.length, MOST_DIFFERENCES)
  // Furthest place in `a` on each diagonal, for each number of differences: the way back is read from them.
  const steps: Int32Array[] = []
  const reach = new Int32Array(2 * most + 3)
  const zero = most + 1
  for (let d = 0; d <= most; d++) {
    steps.push(reach.slice(zero - d - 1, zero + d + 2))
    for (let k = -d; k <= d; k += 2) {
      let x = stepsDown(reach, { zero, d, k }) ? at(reach, zero + k + 1) : at(reach, zero + k - 1) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1
      reach[zero + k] = x
      if (x >= a.length && x - k >= b.length) return wayBack(steps, a.length, b.length)
    }
  }
  return []
}

const at = (array: Int32Array, index: number): number => array[index] ?? 0

const stepsDown = (reach: Int32Array, { zero, d, k }: { zero: number; d: number; k: number }): boolean =>
  k === -d || (k !== d && at(reach, zero + k - 1) < at(reach, zero + k + 1))

function wayBack(steps: readonly Int32Array[], lengthA: number, lengthB: number): [number, number][] {
  const pairs: [number, number][] = []
  let [x, y] = [lengthA, lengthB]
  for (let d = steps.length - 1; d >= 0; d--) {
    const reach = steps[d] ?? new Int32Array(0)
    const zero = d + 1
    const k = x - y
    const before = stepsDown(reach, { zero, d, k }) ? k + 1 : k - 1
    const fromX = d === 0 ? 0 : at(reach, zero + before)
    const fromY = d === 0 ? 0 : fromX - before
    while (x > fromX && y > fromY) {
      x -= 1
      y -= 1
      pairs.push([x, y])
    }
    x = fromX
    y = fromY
  }
  return pairs.reverse()
}
