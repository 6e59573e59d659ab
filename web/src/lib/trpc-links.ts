import { httpBatchStreamLink, splitLink } from '@trpc/client'
import superjson from 'superjson'
import type { AppRouter } from '@/server/router'

/** Node answers 431 to requests whose line and headers are over 16 KiB together; cookies are among those. */
const MOST_URL_CHARS = 8_000
/** One question's share of an address; a longer one goes in the body. */
const MOST_INPUT_CHARS = 6_000

type Fetch = NonNullable<Parameters<typeof httpBatchStreamLink>[0]['fetch']>

/** A browser says "Failed to fetch", or something else that no reader can act on. */
const reach: Fetch = async (input, init) => {
  try {
    return await fetch(input, init as RequestInit)
  } catch (cause) {
    if (init?.signal?.aborted) throw cause
    throw new Error('The server can’t be reached. Try again when it is there.', { cause })
  }
}

/** Questions go together in one address where they fit, else in several; long ones are sent as POST. */
export function createLink(url: string) {
  const options = { url, transformer: superjson, fetch: reach }
  return splitLink<AppRouter>({
    condition: ({ type, input }) => type === 'query' && encodeURIComponent(superjson.stringify(input)).length > MOST_INPUT_CHARS,
    true: httpBatchStreamLink({ ...options, methodOverride: 'POST' }),
    false: httpBatchStreamLink({ ...options, maxURLLength: MOST_URL_CHARS }),
  })
}
