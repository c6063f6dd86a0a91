import type { Subscription } from '@millwright/foundation'
import { connectivityErrors } from '../errors.ts'
import type { DeviceSession, SessionEvents } from '../sessions/model.ts'
import { type LineOptions, LiveAgentLine } from './line.ts'
import type { AgentCommand, AgentLine, AgentLines } from './model.ts'

export interface LinesOptions extends LineOptions {
  readonly sessions: SessionEvents
}

/** The lines of all agents that are connected. */
export class LiveAgentLines implements AgentLines {
  readonly #options: LinesOptions
  readonly #lines = new Map<DeviceSession, LiveAgentLine>()
  #events: Subscription[] = []

  constructor(options: LinesOptions) {
    this.#options = options
  }

  start(): void {
    const { bus, sessions, twins } = this.#options
    const changed = (event: { tenant: string }) => {
      for (const [session, line] of this.#lines) if (session.tenant === event.tenant) line.changed()
    }
    this.#events = [
      bus.subscribe('millwright.connection.created', changed),
      bus.subscribe('millwright.connection.changed', changed),
      bus.subscribe('millwright.connection.removed', changed),
      twins.onReported((session, document) => this.#lines.get(session)?.reported(document)),
      sessions.closed((session, reason) => {
        this.#lines.get(session)?.close(reason)
        this.#lines.delete(session)
      }),
    ]
  }

  stop(): void {
    for (const subscription of this.#events) subscription.cancel()
    for (const line of this.#lines.values()) line.close('the platform stopped')
    this.#lines.clear()
  }

  line(session: DeviceSession, send: (command: AgentCommand) => Promise<void>): AgentLine {
    if (!session.gateway) throw connectivityErrors.gatewayOnly({ path: '/' })
    const held = this.#lines.get(session)
    if (held !== undefined) return held
    const line = new LiveAgentLine(session, send, this.#options)
    if (session.closed) throw connectivityErrors.sessionEnded()
    this.#lines.set(session, line)
    return line
  }
}
