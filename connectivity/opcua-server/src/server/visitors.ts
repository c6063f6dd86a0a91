import { type Log, MillwrightError } from '@millwright/foundation'
import type { OPCUAServer, ServerSession } from 'node-opcua-server'
import type { OpcuaPorts } from '../ports.ts'
import type { Access } from './access.ts'

/** How often it is asked whether a visitor is still one. */
const RENEW_EVERY = 60_000

export interface VisitorsOptions {
  readonly ports: OpcuaPorts
  readonly access: Access
  readonly log: Log
  /** A visitor has signed in, before anything is shown. */
  readonly arriving: (tenants: readonly string[]) => Promise<void>
}

/** Signing in and out: the platform's own people and tokens, with its throttling. */
export class Visitors {
  readonly #o: VisitorsOptions
  readonly #sessions = new Map<ServerSession, NodeJS.Timeout>()
  #server: OPCUAServer | undefined

  constructor(options: VisitorsOptions) {
    this.#o = options
  }

  /** Tenants of which somebody here may see something. */
  get tenants(): string[] {
    const tenants = new Set<string>()
    for (const session of this.#sessions.keys()) {
      const actor = this.#o.access.visitor(session)?.actor
      if (actor === undefined) continue
      tenants.add(actor.tenant)
      for (const { owner } of actor.shares) tenants.add(owner)
    }
    return [...tenants]
  }

  get count(): number {
    return this.#sessions.size
  }

  watch(server: OPCUAServer): void {
    this.#server = server
    server.on('create_session', (session) => this.#o.access.guard(session))
    server.on('session_closed', (session) => void this.#leave(session))
  }

  /** Everybody's permissions are looked at anew. */
  async renewAll(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((session) => this.#renew(session)))
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((session) => this.#leave(session)))
  }

  /** As the library calls it, with the session as `this`. */
  get userManager() {
    const visitors = this
    return {
      isValidUserAsync(
        this: ServerSession,
        name: string,
        password: string,
        callback: (error: Error | null, valid?: boolean) => void,
      ): void {
        visitors.#enter(this, name, password).then(
          (valid) => callback(null, valid),
          () => callback(null, false),
        )
      },
      getUserRoles: () => [],
    }
  }

  async #enter(session: ServerSession, name: string, password: string): Promise<boolean> {
    const { ports, access, log, arriving } = this.#o
    const address = addressOf(session)
    try {
      const visitor = await ports.signIn.signIn({ name, password, address })
      // The same session may be handed to another person.
      await this.#leave(session)
      access.seat(session, visitor)
      const timer = setInterval(() => void this.#renew(session), RENEW_EVERY)
      timer.unref()
      this.#sessions.set(session, timer)
      const { tenant, shares } = visitor.actor
      await arriving([tenant, ...shares.map(({ owner }) => owner)])
      return true
    } catch (error) {
      if (!(error instanceof MillwrightError)) log.error({ err: error }, 'an OPC UA sign-in failed')
      else log.info({ code: error.code, address }, 'an OPC UA sign-in was refused')
      return false
    }
  }

  async #renew(session: ServerSession): Promise<void> {
    try {
      await this.#o.access.visitor(session)?.renew()
    } catch (error) {
      this.#o.log.info({ err: error }, 'the sign-in of an OPC UA session has ended')
      this.#server?.engine.closeSession(session.authenticationToken, true, 'Terminated')
      await this.#leave(session)
    }
  }

  async #leave(session: ServerSession): Promise<void> {
    const timer = this.#sessions.get(session)
    if (timer === undefined) return
    clearInterval(timer)
    this.#sessions.delete(session)
    const visitor = this.#o.access.visitor(session)
    this.#o.access.unseat(session)
    await visitor?.end().catch((error: unknown) => this.#o.log.warn({ err: error }, 'signing out failed'))
  }
}

/** IPv4 over a dual-stack socket is IPv4. */
const addressOf = (session: ServerSession): string =>
  (session.channel?.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '')
