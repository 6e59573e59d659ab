/** The path, query and fragment of an address of this site; `/` for every other: an address from elsewhere must not be a way out. */
export function ownAddress(asked: string, origin: string): string {
  if (!URL.canParse(asked, origin)) return '/'
  const { origin: of, pathname, search, hash } = new URL(asked, origin)
  // Two slashes would be read as another host by whoever gets the path.
  return of === origin && !/^\/[/\\]/.test(pathname) ? pathname + search + hash : '/'
}
