/** Connectivity's services in memory, as the broker sees them: what it hands over is recorded, what it awaits is held. */
import {
  type AdapterPorts,
  type CommandReply,
  type CommandTransport,
  type Cut,
  connectivityErrors,
  type DeliverableCommand,
  type DesiredChange,
  type DeviceSession,
  type Refused,
} from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import type { DeviceIdentity, IdentifiedDevice } from '@millwright/trust'

export interface Taken {
  readonly device: string
  readonly format: string
  readonly payload: string
  readonly source: string
}

export interface OpenSession extends DeviceSession {
  readonly cut: (cut: Cut) => void
  closedWith: string | undefined
}

const unauthorized = (text: string) => new MillwrightError('MW-TEST-0001', 401, text)

export class TestPlatform {
  readonly devices = new Map<string, { tenant: string; gateway: boolean }>()
  readonly tokens = new Map<string, string>()
  readonly revoked = new Set<string>()
  readonly taken: Taken[] = []
  readonly letters: Refused[] = []
  readonly replies: { command: string | number; reply: CommandReply }[] = []
  readonly reported: unknown[] = []
  readonly attributes: string[] = []
  readonly audited: { action: string; detail: unknown }[] = []
  readonly sessions: OpenSession[] = []
  readonly transports = new Map<DeviceSession, CommandTransport>()
  readonly watchers = new Map<DeviceSession, (change: DesiredChange) => void>()
  readonly shared: ((payload: Uint8Array) => void)[] = []
  readonly gatewayCalls: { channel: string; payload: string }[] = []
  desired = { version: 1, document: { rate: 5 } as Record<string, unknown> }
  /** How a telemetry message is answered; default: durable at once. */
  onTake: (payload: string) => Promise<void> = () => Promise.resolve()
  saturated = false
  #next = 1

  add(device: string, tenant = 'ten_a', gateway = false): void {
    this.devices.set(device, { tenant, gateway })
  }

  readonly trust = {
    deviceIdentity: {
      byCertificate: async (certificate) => {
        if (certificate instanceof Uint8Array) throw unauthorized('not a certificate')
        const device = /CN=([^\n]+)/.exec(certificate.subject)?.[1] ?? ''
        const serial = certificate.serialNumber.toLowerCase()
        if (this.revoked.has(serial)) throw unauthorized(`The certificate ${serial} was revoked.`)
        return { ...this.#identified(device), serial }
      },
      byToken: async (token) => this.#identified(this.tokens.get(token) ?? ''),
    } satisfies DeviceIdentity,
    audit: {
      record: async (_actor: unknown, action: string, _target: string, detail?: object) => {
        this.audited.push({ action, detail })
      },
    },
  }

  readonly ports: AdapterPorts = portsOf(this)

  live(device: string): OpenSession[] {
    return this.sessions.filter((session) => session.device === device && !session.closed)
  }

  /** Sends a command through the transport of the device's live session. */
  deliver(device: string, command: Partial<DeliverableCommand>): Promise<void> {
    const transport = this.transports.get(this.live(device).at(-1)!)
    if (transport === undefined) throw new Error(`${device} takes no commands`)
    return transport.deliver({ id: 'cmd_1', number: 1, name: 'start', params: {}, timeout: 10_000_000, ...command })
  }

  #identified(device: string): IdentifiedDevice {
    const known = this.devices.get(device)
    if (known === undefined) throw unauthorized('The token is not known.')
    return { device, tenant: known.tenant, name: device, place: { tenant: known.tenant, path: [] } }
  }

  open(device: string, protocol: string, address: string): OpenSession {
    const { tenant, gateway } = this.devices.get(device)!
    let listener: ((cut: Cut) => void) | undefined
    const session = {
      id: this.#next++,
      tenant,
      device,
      name: device,
      gateway,
      protocol,
      address,
      openedAt: 0,
      owner: {
        tenant,
        device,
        deviceName: device,
        equipment: null,
        unknownMetrics: 'create',
        simulated: false,
      } as const,
      closed: false,
      closedWith: undefined as string | undefined,
      onCut: (listen: (cut: Cut) => void) => {
        listener = listen
      },
      cut: (cut: Cut) => listener?.(cut),
      close: (reason: string) => {
        if (session.closed) return
        session.closed = true
        session.closedWith = reason
      },
    }
    this.sessions.push(session)
    return session
  }
}

const unused = (): never => {
  throw new Error('the broker does not ask this')
}

const portsOf = (platform: TestPlatform): AdapterPorts => ({
  sessions: {
    open: async (identity, protocol, address) => platform.open(identity.device, protocol, address),
    of: (device) => platform.live(device),
    countOf: () => platform.sessions.filter((session) => !session.closed).length,
    count: 0,
  },
  intake: {
    acceptRows: unused,
    accept: (session, format, payload, source) => {
      const text = Buffer.from(payload).toString()
      platform.taken.push({ device: session.device, format, payload: text, source })
      return platform.onTake(text)
    },
    get saturated() {
      return platform.saturated
    },
    counters: { messages: 0, points: 0, bytes: 0, refusedMessages: 0, refusedMetrics: 0 },
  },
  agents: { line: unused },
  commands: {
    attach: (session, transport) => {
      platform.transports.set(session, transport)
      return { cancel: () => platform.transports.delete(session) }
    },
    reply: async (_session, command, reply) => {
      if (command === 'cmd_unknown') throw connectivityErrors.commandUnknown({ id: command })
      platform.replies.push({ command, reply })
    },
    send: unused,
    list: unused,
    get: unused,
    cancel: unused,
  },
  twins: {
    desired: async () => platform.desired,
    reported: async () => platform.desired,
    report: async (_session, patch, version) => {
      platform.reported.push({ patch, version })
    },
    watch: (session, listener) => {
      platform.watchers.set(session, listener)
      return { cancel: () => platform.watchers.delete(session) }
    },
    get: unused,
    patchDesired: unused,
  },
  deadLetters: {
    record: async (refused) => {
      platform.letters.push({ ...refused, payload: Buffer.from(refused.payload) })
    },
    list: unused,
  },
  messages: { note: () => {}, of: () => [] },
  thingsboard: {
    telemetry: unused,
    attributes: async (_session, payload) => {
      platform.attributes.push(Buffer.from(payload).toString())
    },
    attributesRequest: async () => Buffer.from('{"client":{},"shared":{"rate":5}}'),
    watchShared: (_session, send) => {
      platform.shared.push(send)
    },
    rpcRequest: (command) => Buffer.from(JSON.stringify({ method: command.name, params: command.params })),
    rpcResponse: async (_session, number, payload) => {
      platform.replies.push({
        command: number,
        reply: { ok: true, result: JSON.parse(Buffer.from(payload).toString()) },
      })
    },
    clientRpcRefusal: () => Buffer.from('{"error":"The platform offers no calls to devices."}'),
    gateway: () => {
      const call = (channel: string) => async (payload: Uint8Array) => {
        platform.gatewayCalls.push({ channel, payload: Buffer.from(payload).toString() })
      }
      return {
        connect: call('connect'),
        disconnect: call('disconnect'),
        telemetry: call('telemetry'),
        attributes: call('attributes'),
        rpc: call('rpc'),
      }
    },
  },
})
