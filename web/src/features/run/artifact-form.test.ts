import { expect, test } from 'vitest'
import { artifactForm } from './artifact-form.ts'

test('a file is shown by its type, else by the end of its name; HTML only as text', () => {
  expect(artifactForm({ name: 'a', contentType: 'image/png' })).toBe('image')
  expect(artifactForm({ name: 'a.csv', contentType: 'application/octet-stream' })).toBe('csv')
  expect(artifactForm({ name: 'a', contentType: 'text/markdown; charset=utf-8' })).toBe('markdown')
  expect(artifactForm({ name: 'a', contentType: 'application/ld+json' })).toBe('json')
  expect(artifactForm({ name: 'a.html', contentType: 'text/html' })).toBe('text')
  expect(artifactForm({ name: 'a.bin', contentType: 'application/octet-stream' })).toBe('other')
})
