import { join } from 'node:path'
import type { NextConfig } from 'next'

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // Types are checked by `npm run verify`: TypeScript 7 has no API that Next's own check could call.
  typescript: { ignoreBuildErrors: true },
  transpilePackages: ['@cairn/prisma', '@cairn/clickhouse'],
  serverExternalPackages: ['pg', '@clickhouse/client', '@prisma/client', '@prisma/adapter-pg'],
  turbopack: { root: join(import.meta.dirname, '..') },
  async redirects() {
    // Browsers ask for it by themselves while a page gives way to another.
    return [{ source: '/favicon.ico', destination: '/icon.svg', permanent: true }]
  },
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          {
            key: 'Content-Security-Policy',
            // Next's own inline scripts need 'unsafe-inline'; nothing from agents is ever put into markup.
            value:
              "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
          },
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'Referrer-Policy', value: 'same-origin' },
          { key: 'X-Frame-Options', value: 'DENY' },
        ],
      },
    ]
  },
}

export default config
