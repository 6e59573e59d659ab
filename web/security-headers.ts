/** What each answer of the web carries, pages and files alike: a worker runs under the policy that its own file came with. */
export const SECURITY_HEADERS: readonly { readonly key: string; readonly value: string }[] = [
  {
    key: 'Content-Security-Policy',
    // Next's own inline scripts need 'unsafe-inline'; nothing from agents is ever put into markup.
    value:
      "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
  },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'X-Frame-Options', value: 'DENY' },
]
