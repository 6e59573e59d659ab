import { userInfo } from 'node:os'

/** Who commands a run, for its log. */
export function actorOf(): string {
  try {
    return `${userInfo().username} (cli)`.slice(0, 200)
  } catch {
    // A user id without an entry in the system's list, as in a container.
    return 'cli'
  }
}
