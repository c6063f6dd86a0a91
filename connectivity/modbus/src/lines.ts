import type { Clock } from '@millwright/foundation'
import { MbapFraming } from './codec/mbap.ts'
import { RtuFraming } from './codec/rtu.ts'
import { DEFAULTS, type Transport } from './config.ts'
import { Line, type LineCounters } from './link/line.ts'
import { serialWire, silence } from './link/serial.ts'
import { tcpWire } from './link/tcp.ts'
import type { Target } from './plan/program.ts'

/** ms to open a TCP connection. */
const CONNECT_WITHIN = 5_000

interface LinesOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly counters: LineCounters
}

/** The lines of a connection: devices with the same address share one. */
export class Lines {
  readonly #transport: Transport
  readonly #options: LinesOptions
  readonly #lines = new Map<string, Line>()

  constructor(transport: Transport, options: LinesOptions) {
    this.#transport = transport
    this.#options = options
  }

  /** @param target where to; undefined: where the transport goes */
  line(target?: Pick<Target, 'host' | 'port'>): Line {
    const peer = this.peer(target)
    let line = this.#lines.get(peer)
    if (line === undefined) {
      line = this.#make(peer, target)
      this.#lines.set(peer, line)
    }
    return line
  }

  peer(target?: Pick<Target, 'host' | 'port'>): string {
    const transport = this.#transport
    if (transport.type === 'rtu') return transport.path
    return `${target?.host ?? transport.host}:${target?.port ?? transport.port ?? DEFAULTS.port}`
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.close()))
  }

  #make(peer: string, target?: Pick<Target, 'host' | 'port'>): Line {
    const transport = this.#transport
    const common = { peer, ...this.#options }
    if (transport.type === 'rtu') {
      const rest = silence(transport.baudRate ?? DEFAULTS.baudRate)
      return new Line({ ...common, open: serialWire(transport), framing: rtu, rest, connection: false })
    }
    const open = tcpWire(
      target?.host ?? transport.host,
      target?.port ?? transport.port ?? DEFAULTS.port,
      CONNECT_WITHIN,
    )
    const framing = transport.type === 'tcp' ? () => new MbapFraming(this.#options.random() * 0xffff) : rtu
    return new Line({ ...common, open, framing, rest: 0, connection: true })
  }
}

const rtu = () => new RtuFraming()
