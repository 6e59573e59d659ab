// Shoots every page of a system with the sample runs, and of an empty one.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { launchBrowser } from '../src/browser.ts'
import { startWithSample } from '../src/sample-system.ts'
import { repository, type System, startSystem } from '../src/system.ts'
import { fillSample, resumeCrashed } from './fill-sample.ts'
import { toGallery } from './gallery.ts'
import { EMPTY_SHOTS, fullShots, RESUMED_SHOTS, type Shot } from './shots.ts'
import { openWindows, shoot, THEMES, type Windows } from './windows.ts'

const folder = resolve(process.argv[2] ?? join(repository, 'docs', 'images', 'pages'))
const browser = await launchBrowser()
try {
  const full = await withSystem(startWithSample, async (system, windows) => {
    const ids = await fillSample(system)
    // Only what this command made, and only once there is something to put in its place.
    for (const kind of ['full', 'empty']) rmSync(join(folder, kind), { recursive: true, force: true })
    const before = fullShots(ids)
    await takeAll(windows, 'full', before)
    await resumeCrashed(system, ids)
    const after = RESUMED_SHOTS(ids)
    await takeAll(windows, 'full', after)
    return [...before, ...after]
  })
  await withSystem(startSystem, (_system, windows) => takeAll(windows, 'empty', EMPTY_SHOTS))
  writeFileSync(join(folder, 'README.md'), toGallery({ full, empty: EMPTY_SHOTS }))
  console.log(`Written to ${folder}`)
} finally {
  await browser.close()
}

async function withSystem<T>(start: () => Promise<System>, use: (system: System, windows: Windows) => Promise<T>): Promise<T> {
  const system = await start()
  try {
    return await use(system, await openWindows(browser, system))
  } finally {
    await system.stop()
  }
}

async function takeAll(windows: Windows, kind: 'full' | 'empty', shots: readonly Shot[]): Promise<void> {
  for (const theme of THEMES) {
    const into = join(folder, kind, theme)
    mkdirSync(into, { recursive: true })
    for (const shot of shots) {
      await shoot(windows[theme], shot, join(into, `${shot.name}.webp`))
      console.log(`${kind} ${theme} ${shot.name}`)
    }
  }
}
