import { describe, expect, it } from 'vitest'
import { Scope } from './scope.ts'

const takeAndRelease = (scope: Scope, name: string): string => {
  const { key, release } = scope.take(name, undefined)
  release()
  return key
}

describe('step keys', () => {
  it('are the name, then numbered by occurrence', () => {
    const scope = new Scope('')
    expect([takeAndRelease(scope, 'search'), takeAndRelease(scope, 'search'), takeAndRelease(scope, 'read')]).toEqual([
      'search',
      'search#2',
      'read',
    ])
  })

  it('carry the path of their scope', () => {
    expect(takeAndRelease(new Scope('').child('writer').child('writer/draft'), 'polish')).toBe('writer/draft/polish')
  })

  it('begin again in a fresh scope of the same path, as for the next attempt of a step', () => {
    const root = new Scope('')
    expect([takeAndRelease(root.child('outer'), 'inner'), takeAndRelease(root.child('outer'), 'inner')]).toEqual([
      'outer/inner',
      'outer/inner',
    ])
  })

  it('are an error for two in flight under one name, which names the remedy', () => {
    const scope = new Scope('')
    scope.take('search', undefined)
    expect(() => scope.take('search', undefined)).toThrow(/still in flight.*key/s)
  })

  it('may be given for fan-out, each once', () => {
    const scope = new Scope('')
    expect([scope.take('search', 'search/a').key, scope.take('search', 'search/b').key]).toEqual(['search/a', 'search/b'])
    expect(() => scope.take('search', 'search/a')).toThrow('used twice')
  })

  it('never mean two different places', () => {
    const scope = new Scope('')
    takeAndRelease(scope, 'search')
    takeAndRelease(scope, 'search')
    expect(() => scope.take('search#2', undefined)).toThrow('Two different steps')
    const root = new Scope('')
    takeAndRelease(root.child('a'), 'b/c')
    expect(() => root.child('a/b').take('c', undefined)).toThrow('Two different steps')
  })

  it('are an error when empty or too long', () => {
    expect(() => new Scope('').take('', undefined)).toThrow('1 to 200')
    expect(() => new Scope('').take('x'.repeat(201), undefined)).toThrow('1 to 200')
  })
})
