/** The address of a link that an agent wrote, where following it is a person's plain choice; else null. */
export function safeAddress(href: string | undefined): string | null {
  if (href === undefined || !/^(?:https?:|mailto:)/i.test(href)) return null
  try {
    const url = new URL(href)
    // `https://bank.com@evil.example` reads as another place than it is.
    return url.username === '' && url.password === '' ? url.href : null
  } catch {
    return null
  }
}
