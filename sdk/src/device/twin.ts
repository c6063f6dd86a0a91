/** Configuration the platform wants. */
export interface Desired {
  readonly version: number
  readonly document: Readonly<Record<string, unknown>>
}

export const TWIN_GET = 'mw/v1/twin/get'
export const TWIN_DESIRED = 'mw/v1/twin/desired'
export const TWIN_REPORTED = 'mw/v1/twin/reported'

/** Keeps the newest desired state; an older version that arrives late is passed over. */
export class DesiredState {
  readonly #onChange: (desired: Desired) => void
  #current: Desired | undefined
  #asked: ((desired: Desired) => void)[] = []

  constructor(onChange: (desired: Desired) => void) {
    this.#onChange = onChange
  }

  get current(): Desired | undefined {
    return this.#current
  }

  next(): Promise<Desired> {
    return new Promise((resolve) => this.#asked.push(resolve))
  }

  /** True when the message was a desired state; one that is malformed is passed over. */
  receive(topic: string, payload: Buffer): boolean {
    if (topic !== TWIN_DESIRED) return false
    const desired = parse(payload)
    if (desired === undefined) return true
    const newer = this.#current === undefined || desired.version > this.#current.version
    if (newer) this.#current = desired
    const asked = this.#asked
    this.#asked = []
    for (const resolve of asked) resolve(this.#current ?? desired)
    if (newer) this.#onChange(desired)
    return true
  }
}

function parse(payload: Buffer): Desired | undefined {
  try {
    const { version, document } = JSON.parse(payload.toString('utf8')) as Partial<Desired>
    if (typeof version !== 'number' || typeof document !== 'object' || document === null) return undefined
    return { version, document }
  } catch {
    return undefined
  }
}
