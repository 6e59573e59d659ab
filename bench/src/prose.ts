// Made-up words: they compress about as far as text does, unlike a letter repeated.
const WORDS = Array.from({ length: 8_000 }, () =>
  Math.random()
    .toString(36)
    .slice(2, 4 + Math.floor(Math.random() * 7)),
)

/** So many characters of them, a few words often and most of them seldom. */
export function prose(chars: number): string {
  let text = ''
  while (text.length < chars) text += `${WORDS[Math.floor(Math.random() ** 2.5 * WORDS.length)]} `
  return text.slice(0, chars)
}
