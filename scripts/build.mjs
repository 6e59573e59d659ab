// Builds what runs built: the Prisma client, the SDK's dist, the CLI and the web.
import { ensureInstalled, must } from './install.mjs'

ensureInstalled()
for (const workspace of ['@cairn/prisma', '@cairn/sdk', '@cairn/cli', '@cairn/web'])
  must('npm', ['run', 'build', '-w', workspace, '--silent'])
