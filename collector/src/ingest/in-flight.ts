import { IngestError } from './errors.ts'

/** Bounds the bytes of requests being worked on: past it, senders are told to come back. One request always gets in. */
export class InFlightBytes {
  private readonly limit: number
  private bytes = 0

  constructor(limit: number) {
    this.limit = limit
  }

  get current(): number {
    return this.bytes
  }

  /** @throws {IngestError} `overloaded` */
  reserve(bytes: number): void {
    if (this.bytes > 0 && this.bytes + bytes > this.limit)
      throw new IngestError(
        'overloaded',
        `More than ${Math.round(this.limit / 1024 / 1024)} MiB of requests are being worked on. Send this one again.`,
      )
    this.bytes += bytes
  }

  release(bytes: number): void {
    this.bytes -= bytes
  }
}
