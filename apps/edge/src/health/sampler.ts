import { statfs } from 'node:fs/promises'
import { type Clock, type Log, SECOND, type Timer } from '@millwright/foundation'
import type { OwnSignals, OwnValue } from '../readings/own.ts'
import { machineFigures } from './machine.ts'

/** What the agent knows of itself. */
export interface AgentFigures {
  readonly queue: {
    readonly readings: number
    readonly bytes: number
    readonly oldest: number | undefined
    readonly dropped: number
    readonly damaged: number
  }
  /** µs ahead of the platform's; undefined: not known. */
  readonly offset: number | undefined
  readonly clockTrusted: boolean
  readonly linkUp: boolean
}

export interface SamplerOptions {
  readonly clock: Clock
  readonly log: Log
  readonly own: OwnSignals
  /** Whose file system is watched. */
  readonly directory: string
  readonly figures: () => AgentFigures
}

const EVERY = 10 * SECOND

/** The agent's health, as signals of its own device, every ten seconds. Names and units: README.md. */
export class HealthSampler {
  readonly #options: SamplerOptions
  #cpu = process.cpuUsage()
  #at: number
  #timer: Timer | undefined
  /** As last written, for the page. */
  last: Readonly<Record<string, OwnValue | undefined>> = {}

  constructor(options: SamplerOptions) {
    this.#options = options
    this.#at = options.clock.steady()
  }

  start(): void {
    this.#timer = this.#options.clock.after(EVERY, () => {
      void this.sample().finally(() => this.start())
    })
  }

  stop(): void {
    this.#timer?.cancel()
  }

  async sample(): Promise<void> {
    try {
      await this.#sample()
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the agent’s health could not be looked at')
    }
  }

  async #sample(): Promise<void> {
    const { clock, own, figures, directory } = this.#options
    const { queue, offset, clockTrusted, linkUp } = figures()
    const disk = await statfs(directory)
    const now = clock.now()
    this.last = {
      'agent/cpu': percent(this.#cpuShare()),
      'agent/memory': bytes(process.memoryUsage.rss()),
      'agent/disk free': bytes(disk.bavail * disk.bsize),
      'agent/disk used': percent(disk.blocks === 0 ? 0 : 1 - disk.bfree / disk.blocks),
      'agent/queue readings': { number: queue.readings, unit: '1' },
      'agent/queue size': bytes(queue.bytes),
      'agent/queue age': seconds(queue.oldest === undefined ? 0 : Math.max(0, now - queue.oldest)),
      'agent/queue dropped': { number: queue.dropped, unit: '1' },
      'agent/queue damaged': { number: queue.damaged, unit: '1' },
      'agent/link': linkUp,
      'agent/clock offset': offset === undefined ? undefined : seconds(offset),
      'agent/clock trusted': clockTrusted,
      'agent/uptime': seconds(process.uptime() * SECOND),
      ...(await machineFigures()),
    }
    await own.write(this.last, now)
  }

  /** Of one core, since the last sample. */
  #cpuShare(): number {
    const used = process.cpuUsage(this.#cpu)
    const at = this.#options.clock.steady()
    const share = (used.user + used.system) / Math.max(1, at - this.#at)
    this.#cpu = process.cpuUsage()
    this.#at = at
    return share
  }
}

const bytes = (number: number): OwnValue => ({ number, unit: 'By' })
const seconds = (micros: number): OwnValue => ({ number: Math.round(micros / 1000) / 1000, unit: 's' })
const percent = (share: number): OwnValue => ({ number: Math.round(share * 1000) / 10, unit: '%' })
