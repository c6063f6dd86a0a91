import {
  type AdapterPorts,
  connectivityErrors,
  type DeviceSession,
  type PolledCommands,
  refusing,
} from '@millwright/connectivity'
import type { Clock } from '@millwright/foundation'
import type { DeviceIdentity, IdentifiedDevice } from '@millwright/trust'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { plainBody } from './codec.ts'
import type { HttpAdapterConfig } from './config.ts'
import { identify } from './identify.ts'
import type { HttpSessions } from './sessions.ts'

const EMPTY = Buffer.alloc(0)

/** The ports of an adapter, whose devices ask for their commands. */
export type HttpPorts = AdapterPorts & { readonly commands: PolledCommands }

/** A request, its device known. */
export interface OpenRequest {
  readonly session: DeviceSession
  /** The body, decompressed; refused bodies get their dead letter. */
  body(): Promise<Buffer>
}

/** What every route needs: from a request to the session of the device that sent it. */
export class DeviceLine {
  readonly connectivity: HttpPorts
  readonly clock: Clock
  readonly config: HttpAdapterConfig
  readonly #identity: DeviceIdentity
  readonly #sessions: HttpSessions
  readonly #taken = new WeakMap<FastifyRequest, { session: DeviceSession; release: () => void }>()

  constructor(
    connectivity: HttpPorts,
    identity: DeviceIdentity,
    sessions: HttpSessions,
    clock: Clock,
    config: HttpAdapterConfig,
  ) {
    this.connectivity = connectivity
    this.#identity = identity
    this.#sessions = sessions
    this.clock = clock
    this.config = config
  }

  async open(request: FastifyRequest): Promise<OpenRequest> {
    return this.#open(request, await identify(request, this.#identity))
  }

  async openByToken(request: FastifyRequest, token: string): Promise<OpenRequest> {
    return this.#open(request, await this.#identity.byToken(token))
  }

  /** Aborts when the client hangs up before it is answered. */
  goneOf(reply: FastifyReply): AbortSignal {
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    return gone.signal
  }

  /** The request is answered, whatever came of it. */
  done(request: FastifyRequest): void {
    this.#taken.get(request)?.release()
    this.#taken.delete(request)
  }

  async #open(request: FastifyRequest, device: IdentifiedDevice): Promise<OpenRequest> {
    const taken = await this.#sessions.take(device, request.ip)
    this.#taken.set(request, taken)
    const { session } = taken
    if (this.connectivity.intake.saturated && request.method === 'POST') throw connectivityErrors.backlog()
    return { session, body: () => this.#body(request, session) }
  }

  async #body(request: FastifyRequest, session: DeviceSession): Promise<Buffer> {
    const raw = Buffer.isBuffer(request.body) ? request.body : EMPTY
    const source = `http:${request.routeOptions.url ?? ''}`.replace(':token', '<token>')
    return refusing(this.connectivity.deadLetters, session, raw, source, () =>
      plainBody(raw, request.headers['content-encoding']),
    )
  }
}
