import type { Agent } from './agent.ts'
import { limitKeys, parseInput } from './agent-definition.ts'
import type { PutSchedule } from './protocol/schedule.ts'
import { encodeValue } from './protocol/values.ts'
import type { HttpClient } from './transport/http-client.ts'

export interface ScheduleOptions<Input> {
  agent: Agent<Input, unknown>
  /** Minute, hour, day, month, weekday; with six fields seconds come first. `0 3 * * 1-5`: at 3:00 from Monday to Friday. */
  cron: string
  /** IANA name of the zone that `cron` is read in, summer time included. Default: `UTC`. */
  timezone?: string
  /** Of each run. */
  input: NoInfer<Input>
  /** Whether one run makes up for the times that were missed while no collector ran. Default: `false`, they are skipped. */
  catchUp?: boolean
  /** A version of the agent that must run it. Default: any that a worker serves. */
  version?: string
  /** Of each run: a whole number, higher first. Default: 0. */
  priority?: number
}

/** Runs of an agent that begin by themselves. Made by `cairn.schedule()`. */
export class Schedule {
  readonly name: string
  readonly agentName: string
  readonly #options: ScheduleOptions<never>
  readonly #http: HttpClient

  constructor(http: HttpClient, name: string, options: ScheduleOptions<never>) {
    this.#http = http
    this.#options = options
    this.name = name
    this.agentName = options.agent.name
  }

  /**
   * Tells the collector of it, as serving its agent does. What was paused stays paused.
   * @throws {InvalidInputError} if the input doesn't fit the agent; {CairnError} `invalid_request`, naming `cron` or `timezone`;
   * `collector_unreachable`, `unauthorized`
   */
  async register(): Promise<void> {
    const { agent, input, ...options } = this.#options
    const keys = limitKeys(agent.definition, await parseInput(agent.definition, input))
    const json: Partial<PutSchedule> = { ...options, ...keys, agent: agent.name, input: encodeValue(input) }
    await this.#http.request({ method: 'PUT', path: `/api/v1/schedules/${encodeURIComponent(this.name)}`, json })
  }
}
