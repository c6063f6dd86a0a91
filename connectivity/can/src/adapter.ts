import { execFile } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import { promisify } from 'node:util'
import {
  type ConnectionAdapter,
  type ConnectionPorts,
  openTcp,
  type ProbePorts,
  type RunningConnection,
} from '@millwright/connectivity'
import { FolderReader, namePattern, type Roots, testFolder, zonedTime } from '@millwright/connectivity-files'
import type { ConnectionTest } from '@millwright/contracts'
import { browseDatabases } from './browse.ts'
import { type CanConfig, canConfig } from './config.ts'
import { decodersOf, importDbc, loadDatabases } from './databases.ts'
import { canErrors } from './errors.ts'
import { FrameBytes } from './frames/extract.ts'
import { canManifest } from './manifest.ts'
import { CandumpBus } from './sources/candump.ts'
import { FrameLine } from './sources/lines.ts'
import { type Bus, LiveSource } from './sources/live.ts'
import { logReader } from './sources/read-log.ts'
import { SocketcandBus } from './sources/socketcand.ts'

export interface CanAdapterOptions {
  /** Folders that connections may read logs from. */
  readonly roots: Roots
  /** can-utils' programs, or others that speak like them. */
  readonly candump: string
  readonly cansend: string
}

export function createCanAdapter(options: CanAdapterOptions) {
  return {
    manifest: canManifest,
    configSchema: canConfig,
    check,
    create: (config: CanConfig, ports: ConnectionPorts) => create(config, ports, options),
    test: (config, ports) => test(config, ports, options),
    browse: (config, _ports, at) => browseDatabases(config, at),
    import: importDbc,
  } satisfies ConnectionAdapter<CanConfig>
}

function check({ source, databases }: CanConfig): void {
  loadDatabases(databases)
  if (source.type !== 'logs') return
  namePattern(source.pattern)
  zonedTime(source.zone)
}

function create(config: CanConfig, ports: ConnectionPorts, options: CanAdapterOptions): RunningConnection {
  const { source } = config
  const makeDecoders = decodersOf(config)
  if (source.type === 'logs') {
    const read = logReader(makeDecoders, () => ports.clock.now(), zonedTime(source.zone))
    const reader = new FolderReader({ ports, config: source, roots: options.roots, read })
    return {
      start: async () => reader.start(),
      stop: () => reader.stop(),
      get counters() {
        return { ...reader.counters }
      },
    }
  }
  const frame = new FrameBytes()
  const line = new FrameLine(frame)
  const decoders = makeDecoders()
  const bus: Bus =
    source.type === 'socketcan'
      ? new CandumpBus({ command: options.candump, sender: options.cansend, ...source, line, status: ports.status })
      : new SocketcandBus({ ...source, line, status: ports.status })
  const live = new LiveSource(ports, decoders, bus, line, frame, source.interface)
  return {
    start: async () => live.start(),
    stop: () => live.stop(),
    async command({ name, params }) {
      if (name !== 'send')
        throw canErrors.sendUnknown({
          what: 'A bus takes the command send { frame: "123#DEADBEEF" } only: signals are not written one by one.',
        })
      await bus.send((params as { frame?: string } | null)?.frame ?? '')
    },
    get counters() {
      return { ...decoders.counters, ...live.counters }
    },
  }
}

async function test(
  config: CanConfig,
  ports: ProbePorts,
  { roots, candump }: CanAdapterOptions,
): Promise<ConnectionTest> {
  const { source, databases } = config
  const steps: ConnectionTest['steps'] = []
  const step = async (name: string, work: () => Promise<string> | string) => {
    const began = ports.clock.steady()
    let ok = true
    let detail: string
    try {
      detail = await work()
    } catch (error) {
      ok = false
      detail = error instanceof Error ? error.message : String(error)
    }
    steps.push({ name, ok, detail, took: Math.max(0, Math.round(ports.clock.steady() - began)) })
  }
  await step('CAN databases', () => {
    const read = loadDatabases(databases)
    const messages = read.reduce((sum, { dbc }) => sum + dbc.messages.length, 0)
    return read.length === 0 ? 'There is none: import a .dbc file.' : `${messages} messages.`
  })
  if (source.type === 'logs') {
    const tried = await testFolder(source, ports, roots, async () => 'It is an ordinary file.')
    steps.push(...tried.steps)
  } else if (source.type === 'socketcand')
    await step(`socketcand at ${source.host}:${source.port}`, async () => {
      const socket = await openTcp(source.host, source.port, 5_000, ports.signal)
      socket.destroy()
      return 'It answers.'
    })
  else
    await step('candump', async () => {
      // It prints its help and fails when it is asked for nothing.
      await promisify(execFile)(candump, [], { timeout: 5_000 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') throw canErrors.candumpMissing()
      })
      return source.interface === 'any' || source.interface in networkInterfaces()
        ? 'It is installed.'
        : `It is installed. Whether ${source.interface} is there shows when it listens.`
    })
  return { ok: steps.every(({ ok }) => ok), steps, certificates: [] }
}
