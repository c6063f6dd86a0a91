import { Secret, Strict } from '@millwright/contracts'
import { MillwrightError } from '@millwright/foundation'
import { type TObject, Type } from 'typebox'
import { MetricRows, ROW } from '../codecs/rows.ts'
import type {
  ConnectionAdapter,
  ConnectionCommand,
  ConnectionPorts,
  RunningConnection,
} from '../connections/adapter.ts'

export interface ToyConfig {
  readonly host: string
  readonly port: number
  readonly password?: string
  /** What goes wrong, for tests of what hosts it. */
  readonly fault?: 'create' | 'start' | 'start-hangs' | 'stop' | 'stop-hangs' | 'test-hangs'
}

/** A connection of the toy adapter, in a test's hand. */
export class ToyConnection implements RunningConnection {
  readonly config: ToyConfig
  readonly ports: ConnectionPorts
  readonly counters = { reads: 0 }
  readonly commands: ConnectionCommand[] = []
  state: 'made' | 'running' | 'stopped' = 'made'

  constructor(config: ToyConfig, ports: ConnectionPorts) {
    this.config = config
    this.ports = ports
  }

  async start(): Promise<void> {
    const { fault } = this.config
    if (fault === 'start') throw new Error('no such interface')
    if (fault === 'start-hangs') await new Promise(() => undefined)
    this.state = 'running'
    this.ports.status.running()
    if (this.ports.purpose === 'preview') await this.read({ temperature: 21.5 })
  }

  async stop(): Promise<void> {
    const { fault } = this.config
    if (fault === 'stop') throw new Error('it would not stop')
    if (fault === 'stop-hangs') await new Promise(() => undefined)
    this.state = 'stopped'
  }

  async command(command: ConnectionCommand): Promise<unknown> {
    this.commands.push(command)
    if (command.name !== 'write') throw new MillwrightError('MW-TOY-0001', 400, 'It can only write.')
    return { wrote: command.params, device: command.device ?? null }
  }

  /** Hands over readings, as if the peer had said so. */
  read(values: Readonly<Record<string, number>>, device?: string): Promise<void> {
    this.counters.reads++
    const rows = new MetricRows()
    for (const [name, value] of Object.entries(values)) rows.push(name, ROW.number, value, 0)
    rows.setTime(0, 0)
    return this.ports.readings.accept(rows, 'wire', device)
  }
}

/** An adapter whose peer is the test itself. */
export class ToyAdapter implements ConnectionAdapter<ToyConfig> {
  readonly made: ToyConnection[] = []
  readonly manifest = {
    id: 'toy',
    name: 'Toy',
    summary: 'For tests',
    standards: [],
    direction: 'polls' as const,
    does: { telemetry: true, commands: true, twin: false, gateway: true },
    runsOn: ['platform' as const, 'edge' as const],
    browses: true,
    imports: [{ format: 'csv', name: 'Register map', extensions: ['.csv'] }],
  }
  readonly configSchema = Strict({
    host: Type.String({ title: 'Host', description: 'Address', minLength: 1, maxLength: 200 }),
    port: Type.Integer({ title: 'Port', description: 'TCP port', default: 502, minimum: 1, maximum: 65_535 }),
    password: Type.Optional(Secret({ title: 'Password', description: 'What the peer asks' })),
    fault: Type.Optional(Type.String()),
  }) as TObject

  /** The connection made last. */
  get last(): ToyConnection {
    return this.made.at(-1)!
  }

  create(config: ToyConfig, ports: ConnectionPorts): ToyConnection {
    if (config.fault === 'create') throw new Error('it cannot be made')
    const connection = new ToyConnection(config, ports)
    this.made.push(connection)
    return connection
  }

  async test(config: ToyConfig) {
    if (config.fault === 'test-hangs') await new Promise(() => undefined)
    const ok = config.host !== 'nowhere'
    const detail = ok ? `Signed in${config.password === undefined ? '' : ' with a password'}` : 'There is nobody.'
    return { ok, steps: [{ name: `Connection to ${config.host}`, ok, detail, took: 5 }], certificates: [] }
  }

  async browse(config: ToyConfig, _ports: unknown, at: { node: string | undefined; limit: number }) {
    const items = ['a', 'b', 'c'].map((name) => ({
      id: `${at.node ?? ''}/${name}`,
      name: `${config.host} ${name}`,
      kind: 'variable' as const,
      hasChildren: false,
    }))
    return { items: items.slice(0, at.limit) }
  }

  async import(format: string, file: Uint8Array) {
    return { config: { host: Buffer.from(file).toString() }, notes: [`read as ${format}`] }
  }
}
