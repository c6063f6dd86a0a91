import { type Clock, type Log, type Micros, SECOND, type Timer } from '@millwright/foundation'
import { readJsonFile, replaceFile } from '../files.ts'

export interface DeviceTwinsOptions {
  readonly clock: Clock
  readonly log: Log
  /** Where desired and written values are kept while the platform is away. */
  readonly file: string
  /** Does the connection work? Only then is anything written. */
  readonly works: (connection: string) => boolean
  /** Writes one value; rejects with words. */
  readonly write: (setpoint: Setpoint) => Promise<unknown>
  /** What is reported changed. */
  readonly changed: () => void
}

/** One value that a device behind the agent should have. */
export interface Setpoint {
  readonly connection: string
  /** Empty: the connection's own. */
  readonly device: string
  readonly metric: string
  readonly value: unknown
}

/** `connection -> device -> metric -> value`. */
export type Tree = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>

const MOST = 1_000
const FIRST_WAIT: Micros = 5 * SECOND
const LONGEST_WAIT: Micros = 300 * SECOND

interface Kept {
  readonly setpoint: Setpoint
  /** The value that was written, as JSON; undefined: none yet. */
  written: string | undefined
  problem: string | undefined
  failures: number
  dueAt: Micros
}

/**
 * The desired state of devices behind the agent: values, since that is what field protocols know. Each is written once for
 * each change, as soon as its connection works, and kept over restarts and outages.
 */
export class DeviceTwins {
  readonly #options: DeviceTwinsOptions
  readonly #kept = new Map<string, Kept>()
  #timer: Timer | undefined
  #working: Promise<void> | undefined
  #again = false
  #stopped = false
  /** As last told, to pass over what is told again. */
  #wanted: string | undefined

  constructor(options: DeviceTwinsOptions) {
    this.#options = options
  }

  /** Reads what was wanted and written before. */
  async open(): Promise<void> {
    const file = (await readJsonFile(this.#options.file)) as { setpoints?: unknown } | undefined
    if (!Array.isArray(file?.setpoints)) return
    for (const { setpoint, written } of file.setpoints as Kept[]) this.#put(setpoint, written)
  }

  /** The platform wants these values; what is not among them is not wanted any more. Anything else than a tree is passed over. */
  async want(tree: unknown): Promise<void> {
    const wanted = setpointsOf(tree)
    const text = JSON.stringify(wanted)
    if (text === this.#wanted) return
    this.#wanted = text
    const keys = new Set(wanted.map(keyOf))
    for (const key of this.#kept.keys()) if (!keys.has(key)) this.#kept.delete(key)
    for (const setpoint of wanted.slice(0, MOST)) {
      const held = this.#kept.get(keyOf(setpoint))
      if (held !== undefined && JSON.stringify(held.setpoint.value) === JSON.stringify(setpoint.value)) continue
      this.#put(setpoint, held?.written)
    }
    await this.#save()
    this.#options.changed()
    this.poke()
  }

  /** A connection's state changed, or time has passed: writes what is due. */
  poke(): void {
    if (this.#stopped) return
    if (this.#working !== undefined) {
      this.#again = true
      return
    }
    this.#working = this.#work().finally(() => {
      this.#working = undefined
      if (!this.#again) return
      this.#again = false
      this.poke()
    })
  }

  /** What was written, and why the rest was not. */
  get reported(): { readonly devices: Tree; readonly problems: Tree } {
    const written: (readonly [Setpoint, unknown])[] = []
    const problems: (readonly [Setpoint, unknown])[] = []
    for (const kept of this.#kept.values()) {
      if (kept.written !== undefined) written.push([kept.setpoint, JSON.parse(kept.written)])
      if (kept.problem !== undefined) problems.push([kept.setpoint, kept.problem])
    }
    return { devices: treeOf(written), problems: treeOf(problems) }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await this.#working
  }

  async #work(): Promise<void> {
    const { clock, works } = this.#options
    let next = Number.POSITIVE_INFINITY
    for (const kept of [...this.#kept.values()]) {
      if (this.#stopped) return
      if (kept.written === JSON.stringify(kept.setpoint.value)) continue
      if (!works(kept.setpoint.connection)) continue
      if (kept.dueAt <= clock.steady()) await this.#write(kept)
      if (kept.written !== JSON.stringify(kept.setpoint.value)) next = Math.min(next, kept.dueAt)
    }
    this.#timer?.cancel()
    if (next < Number.POSITIVE_INFINITY) this.#timer = clock.after(next - clock.steady(), () => this.poke())
  }

  async #write(kept: Kept): Promise<void> {
    const { clock, log, write, changed } = this.#options
    const { setpoint } = kept
    try {
      await write(setpoint)
      kept.written = JSON.stringify(setpoint.value)
      kept.problem = undefined
      log.info({ ...setpoint }, 'a desired value was written')
      await this.#save()
    } catch (error) {
      const reason = (error as Error).message
      if (kept.problem !== reason) log.warn({ ...setpoint, reason }, 'a desired value could not be written yet')
      kept.problem = reason.slice(0, 500)
      kept.dueAt = clock.steady() + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** kept.failures++)
    }
    changed()
  }

  #put(setpoint: Setpoint, written: string | undefined): void {
    this.#kept.set(keyOf(setpoint), { setpoint, written, problem: undefined, failures: 0, dueAt: 0 })
  }

  async #save(): Promise<void> {
    const { file, log } = this.#options
    const setpoints = [...this.#kept.values()].map(({ setpoint, written }) => ({ setpoint, written }))
    try {
      await replaceFile(file, `${JSON.stringify({ setpoints })}\n`)
    } catch (error) {
      log.warn({ err: error }, 'desired values could not be kept')
    }
  }
}

const keyOf = ({ connection, device, metric }: Setpoint): string => `${connection}\n${device}\n${metric}`

function setpointsOf(tree: unknown): Setpoint[] {
  const found: Setpoint[] = []
  for (const [connection, devices] of entries(tree)) {
    for (const [device, metrics] of entries(devices)) {
      for (const [metric, value] of entries(metrics)) {
        if (value !== null && value !== undefined) found.push({ connection, device, metric, value })
      }
    }
  }
  return found
}

const entries = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []

function treeOf(values: readonly (readonly [Setpoint, unknown])[]): Tree {
  const tree: Record<string, Record<string, Record<string, unknown>>> = {}
  for (const [{ connection, device, metric }, value] of values) {
    tree[connection] ??= {}
    tree[connection][device] ??= {}
    tree[connection][device][metric] = value
  }
  return tree
}
