import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, expect, test } from 'vitest'
import { setTimeZone } from '../lib/format.ts'
import { Duration, Time } from './time.tsx'

afterEach(() => setTimeZone(null))

const AT = '2026-11-25T10:00:00Z'

test.each(['UTC', 'Asia/Tokyo'])('a server in %s says nothing that depends on its zone or clock: the browser’s are others', (zone) => {
  setTimeZone(zone)
  const time = `<time dateTime="${AT}" title="2026-11-25 10:00:00 UTC">\u00a0</time>`
  expect(renderToStaticMarkup(createElement(Time, { value: AT }))).toBe(time)
  expect(renderToStaticMarkup(createElement(Time, { value: AT, ago: true }))).toBe(time)
  expect(renderToStaticMarkup(createElement(Duration, { from: AT, to: null }))).toBe('\u00a0')
  expect(renderToStaticMarkup(createElement(Duration, { from: AT, to: '2026-11-25T10:02:05Z' }))).toBe('2 m 05 s')
})
