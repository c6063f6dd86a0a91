/** Which devices behind connections are there, as adapters say; told to the platform when it listens. */
export interface DeviceState {
  readonly connection: string
  readonly device: string
  readonly online: boolean
  readonly reason?: string
}

/** Kept of one connection: names come from peers. */
const MOST = 10_000

export class DeviceStates {
  readonly #states = new Map<string, Map<string, DeviceState>>()
  onChange: (state: DeviceState) => void = () => undefined

  online(connection: string, device: string): void {
    this.#set({ connection, device, online: true })
  }

  offline(connection: string, device: string, reason: string): void {
    this.#set({ connection, device, online: false, reason: reason.slice(0, 1_000) })
  }

  /** A connection that stopped has nobody behind it. */
  gone(connection: string, reason: string): void {
    for (const state of this.#states.get(connection)?.values() ?? []) {
      if (state.online) this.offline(connection, state.device, reason)
    }
    this.#states.delete(connection)
  }

  *all(): Generator<DeviceState> {
    for (const states of this.#states.values()) yield* states.values()
  }

  #set(state: DeviceState): void {
    let states = this.#states.get(state.connection)
    if (states === undefined) {
      states = new Map()
      this.#states.set(state.connection, states)
    }
    const before = states.get(state.device)
    if (before?.online === state.online && before.reason === state.reason) return
    if (before === undefined && states.size >= MOST) return
    states.set(state.device, state)
    this.onChange(state)
  }
}
