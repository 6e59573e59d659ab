import { describe, expect, it } from 'vitest'
import { readConfig, StartError } from './config.ts'

describe('readConfig', () => {
  it('has the documented defaults', () => {
    expect(readConfig([], {})).toMatchObject({ sample: true, host: '127.0.0.1', httpPort: 4318, grpcPort: 4317, webPort: 3000 })
  })

  it('takes an empty variable as one not set', () => {
    expect(readConfig(['--no-sample'], { CAIRN_HTTP_PORT: '', CAIRN_WEB_PORT: '8080' })).toMatchObject({
      sample: false,
      httpPort: 4318,
      webPort: 8080,
    })
  })

  it.each([
    ['CAIRN_HTTP_PORT', 'x'],
    ['CAIRN_WEB_PORT', '70000'],
    ['DATABASE_URL', 'nowhere'],
    ['CAIRN_PROJECT_KEY', 'short'],
    ['CAIRN_ADMIN_EMAIL', 'nobody'],
  ])('names %s when its value is bad', (variable, value) => {
    expect(() => readConfig([], { [variable]: value })).toThrow(new RegExp(variable))
  })

  it('shows the usage for a flag that it does not know', () => {
    expect(() => readConfig(['--smaple'], {})).toThrow(StartError)
  })
})
