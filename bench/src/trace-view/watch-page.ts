/// <reference lib="dom" />
/** Runs in the page before anything of it: notes when the first line of a waterfall is there. */
export function watchFirstRow(): void {
  const state = globalThis as unknown as { firstRowMs?: number }
  const observer = new MutationObserver(() => {
    if (document.querySelector('[data-testid=waterfall-row]') === null) return
    observer.disconnect()
    // Painted, not only put there.
    requestAnimationFrame(() => requestAnimationFrame(() => (state.firstRowMs = performance.now())))
  })
  observer.observe(document, { childList: true, subtree: true })
}

/** Runs in the page: scrolls the lines on with every frame, then to places all over, and returns how long the frames took, in ms. */
export async function scrollFrames({ frames, jumps }: { frames: number; jumps: number }): Promise<{ steady: number[]; jumping: number[] }> {
  const tree = document.querySelector('[role=tree]')
  if (tree === null) throw new Error('no tree')
  const next = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
  const run = async (count: number, move: (i: number) => void) => {
    const took: number[] = []
    let before = await next()
    for (let i = 0; i < count; i++) {
      move(i)
      const now = await next()
      took.push(now - before)
      before = now
    }
    return took
  }
  tree.scrollTop = 0
  await next()
  const steady = await run(frames, () => (tree.scrollTop += 90))
  const jumping = await run(jumps, (i) => (tree.scrollTop = (((i * 7919) % jumps) / jumps) * (tree.scrollHeight - tree.clientHeight)))
  return { steady, jumping }
}
