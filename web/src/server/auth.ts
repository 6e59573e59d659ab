import 'server-only'
import { ensureFirstProject, ensureMembership } from '@cairn/prisma'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { nextCookies } from 'better-auth/next-js'
import { readConfig } from '@/config'
import { stores } from './stores'

function createAuth() {
  const config = readConfig()
  const address = new URL(config.BETTER_AUTH_URL)
  return betterAuth({
    appName: 'Cairn',
    baseURL: config.BETTER_AUTH_URL,
    secret: config.BETTER_AUTH_SECRET,
    // The same machine by its other names.
    trustedOrigins: [address.origin, `http://localhost:${address.port}`, `http://127.0.0.1:${address.port}`],
    database: prismaAdapter(stores().prisma, { provider: 'postgresql' }),
    user: { modelName: 'user' },
    session: { modelName: 'authSession', expiresIn: 30 * 86_400, cookieCache: { enabled: true, maxAge: 60 } },
    account: { modelName: 'authAccount' },
    verification: { modelName: 'authVerification' },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 8 },
    rateLimit: { enabled: true, customRules: { '/sign-in/email': { window: 60, max: 10 } } },
    advanced: { cookiePrefix: 'cairn', useSecureCookies: address.protocol === 'https:' },
    telemetry: { enabled: false },
    plugins: [nextCookies()],
  })
}

const holder = globalThis as { cairnAuth?: ReturnType<typeof createAuth> }

export function auth() {
  holder.cairnAuth ??= createAuth()
  return holder.cairnAuth
}

/** The first user, where the environment names one: owner of the first project. Safe at every start. */
export async function ensureAdmin(): Promise<void> {
  const { CAIRN_ADMIN_EMAIL: email, CAIRN_ADMIN_PASSWORD: password } = readConfig()
  if (email === undefined || password === undefined) return
  const { pool } = stores()
  const context = await auth().$context
  const project = await ensureFirstProject(pool)
  const found = await context.internalAdapter.findUserByEmail(email.toLowerCase())
  const userId = found?.user.id ?? (await createUser(context, email.toLowerCase(), password))
  await ensureMembership(pool, { organizationId: project.organizationId, userId, role: 'owner' })
}

type AuthContext = Awaited<ReturnType<typeof createAuth>['$context']>

async function createUser(context: AuthContext, email: string, password: string): Promise<string> {
  const user = await context.internalAdapter.createUser(
    { email, name: email.split('@')[0] ?? email, emailVerified: true },
    { method: 'email-password' },
  )
  await context.internalAdapter.linkAccount({
    userId: user.id,
    providerId: 'credential',
    accountId: user.id,
    password: await context.password.hash(password),
  })
  return user.id
}
