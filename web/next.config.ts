import { join } from 'node:path'
import type { NextConfig } from 'next'
import { SECURITY_HEADERS } from './security-headers.ts'

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
        headers: [...SECURITY_HEADERS],
      },
    ]
  },
}

export default config
