import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { lockDataDir, readSecrets } from './data-dir.ts'
import { LogFile } from './log-file.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'cairn-data-dir-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

describe('lockDataDir', () => {
  it('refuses a folder that a living process holds', () => {
    // The parent is alive and isn't this process.
    writeFileSync(join(dataDir, 'lock'), String(process.ppid))
    expect(() => lockDataDir(dataDir)).toThrow(/already/)
  })

  it('takes over the lock of a process that is gone', () => {
    writeFileSync(join(dataDir, 'lock'), '999999999')
    lockDataDir(dataDir)()
    expect(() => lockDataDir(dataDir)()).not.toThrow()
  })

  it('says which folder it can not write to', () => {
    const file = join(dataDir, 'a-file')
    writeFileSync(file, '')
    expect(() => lockDataDir(file)).toThrow(`${file} can't be written to`)
  })
})

describe('readSecrets', () => {
  const read = (environment: NodeJS.ProcessEnv = {}) => readSecrets(readConfig([], { CAIRN_DATA_DIR: dataDir, ...environment }))

  it('makes them once and keeps them', () => expect(read()).toEqual(read()))

  it('lets the environment win', () => {
    read()
    expect(read({ CAIRN_PROJECT_KEY: 'cairn_from_the_environment' }).projectKey).toBe('cairn_from_the_environment')
    expect(readFileSync(join(dataDir, 'project-key'), 'utf8')).toBe('cairn_from_the_environment\n')
  })

  it('keeps them from other users', () => {
    read()
    for (const file of ['secrets.json', 'project-key']) expect(statSync(join(dataDir, file)).mode & 0o077).toBe(0)
  })
})

describe('LogFile', () => {
  it('keeps the last lines at hand', () => {
    const log = new LogFile(join(dataDir, 'a.log'))
    log.write('one\ntwo\n')
    log.write('three\n')
    expect(log.tail(2)).toBe('two\nthree')
  })

  it('is bounded', () => {
    const log = new LogFile(join(dataDir, 'b.log'))
    for (let i = 0; i < 25; i++) log.write('x'.repeat(1024 * 1024))
    expect(statSync(join(dataDir, 'b.log')).size + statSync(join(dataDir, 'b.log.1')).size).toBeLessThanOrEqual(22 * 1024 * 1024)
  })
})
