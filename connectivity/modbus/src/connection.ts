import type { ConnectionCommand, ConnectionPorts, RunningConnection } from '@millwright/connectivity'
import { SECOND } from '@millwright/foundation'
import type { ModbusConfig } from './config.ts'
import { Handover } from './device/handover.ts'
import { Health } from './device/health.ts'
import { DeviceRunner, type RunnerCounters } from './device/runner.ts'
import { paramsOf, write } from './device/write.ts'
import { modbusErrors } from './errors.ts'
import { Lines } from './lines.ts'
import type { LineCounters } from './link/line.ts'
import { targetsOf } from './plan/program.ts'

/** All devices of one configuration, each read on its own. */
export class ModbusConnection implements RunningConnection {
  readonly #ports: ConnectionPorts
  readonly #lines: Lines
  readonly #health: Health
  readonly #handover: Handover
  readonly #runners = new Map<string, DeviceRunner>()
  readonly #line: LineCounters = { requests: 0, timeouts: 0, exceptions: 0, strays: 0, connects: 0 }
  readonly #reads: RunnerCounters = { reads: 0, overruns: 0 }

  constructor(config: ModbusConfig, ports: ConnectionPorts) {
    this.#ports = ports
    this.#lines = new Lines(config.transport, { clock: ports.clock, random: ports.random, counters: this.#line })
    const targets = targetsOf(config)
    const reading = targets.filter(({ program }) => program.points.size > 0).length
    this.#health = new Health(ports.status, ports.clock, reading)
    this.#handover = new Handover(ports)
    const shared = { ports, health: this.#health, handover: this.#handover, counters: this.#reads }
    for (const target of targets) {
      this.#runners.set(target.name, new DeviceRunner(target, this.#lines.line(target), shared))
    }
  }

  async start(): Promise<void> {
    const runners = [...this.#runners.values()].filter((runner) => runner.target.program.points.size > 0)
    if (runners.length === 0) {
      this.#ports.status.failed('Nothing is configured to be read: add devices with registers or a register map.')
      return
    }
    for (const [index, runner] of runners.entries()) runner.start(Math.floor((index / runners.length) * SECOND))
  }

  async stop(): Promise<void> {
    this.#health.stop()
    const stopped = [...this.#runners.values()].map((runner) => runner.stop())
    await Promise.all([this.#lines.close(), ...stopped])
    await this.#handover.settled()
  }

  async command({ name, params, device, signal }: ConnectionCommand): Promise<unknown> {
    if (name !== 'write') throw modbusErrors.commandUnknown({ name, path: '/name' })
    return write(this.#commanded(device, params), params, signal)
  }

  get counters(): Readonly<Record<string, number>> {
    return {
      devices_online: this.#health.online,
      reads: this.#reads.reads,
      overruns: this.#reads.overruns,
      not_stored: this.#handover.notStored,
      requests: this.#line.requests,
      timeouts: this.#line.timeouts,
      exceptions: this.#line.exceptions,
      stray_answers: this.#line.strays,
      connects: this.#line.connects,
    }
  }

  /** To the connection's own device: meant is the only one that has such a register. */
  #commanded(device: string | undefined, params: unknown): DeviceRunner {
    if (device !== undefined) {
      const runner = this.#runners.get(device)
      if (runner === undefined) throw modbusErrors.deviceUnknown({ device, path: '/device' })
      return runner
    }
    const { metric } = paramsOf(params)
    const having = [...this.#runners.values()].filter(({ target }) => target.program.points.has(metric))
    if (having.length === 0) throw modbusErrors.metricUnknown({ metric, path: '/params/metric' })
    if (having.length > 1) throw modbusErrors.ambiguous({ metric, count: having.length, path: '/params/metric' })
    return having[0]!
  }
}
