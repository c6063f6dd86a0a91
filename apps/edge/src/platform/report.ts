import type { ConnectionStatus } from '@millwright/contracts'
import { type Clock, type Log, type Micros, SECOND, type Timer } from '@millwright/foundation'
import type { Tree } from '../twins/device-twins.ts'
import type { PlatformLink } from './link.ts'

/** What the agent says of itself in its twin, below `agent`. */
export interface AgentState {
  readonly software: string
  readonly configuration:
    | { readonly version: number; readonly state: string; readonly reason?: string; readonly running: number }
    | undefined
  readonly queue: {
    readonly readings: number
    readonly bytes: number
    readonly oldest?: Micros
    readonly dropped: number
  }
  readonly connections: ReadonlyMap<string, ConnectionStatus>
  /** Values of devices behind it, as written, and why others were not. */
  readonly devices: Tree
  readonly problems: Tree
}

const EVERY = 2 * SECOND
/** Counts and rates change all the time: they are told less often than states. */
const COUNTS_EVERY = 10 * SECOND
/** A twin holds 64 KiB in all. */
const MOST_BYTES = 44 * 1024
const TOPIC = 'mw/v1/twin/reported'

type Part = Readonly<Record<string, unknown>>

/** Tells the platform how the agent is: at most every two seconds, and only what changed since it heard last. */
export class Reporter {
  readonly #link: PlatformLink
  readonly #clock: Clock
  readonly #log: Log
  readonly #state: () => AgentState
  /** What the platform has acknowledged, as JSON by part. */
  #told = new Map<string, string>()
  #countsAt = Number.NEGATIVE_INFINITY
  #timer: Timer | undefined
  #sending = false

  constructor(options: { link: PlatformLink; clock: Clock; log: Log; state: () => AgentState }) {
    this.#link = options.link
    this.#clock = options.clock
    this.#log = options.log
    this.#state = options.state
    this.#link.whenUp(() => {
      // What the platform remembers of an earlier run is not known here.
      this.#told.clear()
      this.#countsAt = Number.NEGATIVE_INFINITY
      void this.tell()
    })
  }

  start(): void {
    this.#timer = this.#clock.after(EVERY, () => {
      void this.tell().finally(() => this.start())
    })
  }

  stop(): void {
    this.#timer?.cancel()
  }

  /** Tells what changed, now. */
  async tell(): Promise<void> {
    if (this.#sending || !this.#link.up) return
    const counts = this.#clock.steady() - this.#countsAt >= COUNTS_EVERY
    const parts = this.#parts(counts)
    const changed = [...parts].filter(([name, text]) => this.#told.get(name) !== text)
    const gone = [...this.#told.keys()].filter((name) => name.includes('/') && !parts.has(name))
    if (changed.length === 0 && gone.length === 0) return
    this.#sending = true
    try {
      await this.#link.send(TOPIC, JSON.stringify({ document: patchOf(changed, gone) }))
      for (const [name, text] of changed) this.#told.set(name, text)
      for (const name of gone) this.#told.delete(name)
      if (counts) this.#countsAt = this.#clock.steady()
    } catch (error) {
      this.#log.debug({ err: error }, 'the state was not told')
    } finally {
      this.#sending = false
    }
  }

  #parts(counts: boolean): Map<string, string> {
    const { software, configuration, queue, connections, devices, problems } = this.#state()
    const parts = new Map<string, string>([['software', JSON.stringify(software)]])
    if (configuration !== undefined) parts.set('configuration', JSON.stringify(configuration))
    const toldQueue = this.#told.get('queue')
    parts.set('queue', counts || toldQueue === undefined ? JSON.stringify(queue) : toldQueue)
    for (const [id, text] of fitting(connections)) {
      const name = `connections/${id}`
      const told = this.#told.get(name)
      const same = told !== undefined && !counts && lastingOf(JSON.parse(told)) === lastingOf(connections.get(id)!)
      parts.set(name, same ? told : text)
    }
    for (const [root, tree] of [
      ['devices', devices],
      ['problems', problems],
    ] as const) {
      for (const [path, value] of leaves(tree)) parts.set(`${root}/${path}`, JSON.stringify(value))
    }
    return parts
  }
}

/** Each value of a tree by its path, as JSON: names may hold anything. */
function* leaves(tree: Tree): Generator<[path: string, value: unknown]> {
  for (const [connection, devices] of Object.entries(tree)) {
    for (const [device, metrics] of Object.entries(devices)) {
      for (const [metric, value] of Object.entries(metrics)) {
        yield [JSON.stringify([connection, device, metric]), value]
      }
    }
  }
}

/** What is told at once when it changes. */
const lastingOf = ({
  state,
  reason,
  certificates,
}: Pick<ConnectionStatus, 'state' | 'reason' | 'certificates'>): string =>
  JSON.stringify([state, reason, (certificates ?? []).map(({ fingerprint }) => fingerprint)])

/** Statuses as JSON, with less and less in them until they fit the twin. */
function fitting(connections: ReadonlyMap<string, ConnectionStatus>): [id: string, text: string][] {
  const lesser: ((status: ConnectionStatus) => Part)[] = [
    (status) => status,
    (status) => ({ ...status, counters: {} }),
    ({ state, reason, since, readings, readingsPerSecond }) => ({
      state,
      ...(reason === undefined ? {} : { reason: reason.slice(0, 200) }),
      since,
      readings,
      readingsPerSecond,
      counters: {},
      certificates: [],
    }),
  ]
  for (const [at, less] of lesser.entries()) {
    const texts = [...connections].map(([id, status]): [string, string] => [id, JSON.stringify(less(status))])
    const size = texts.reduce((sum, [id, text]) => sum + id.length + text.length + 4, 0)
    if (size <= MOST_BYTES || at === lesser.length - 1) return texts
  }
  return []
}

function patchOf(changed: readonly [name: string, text: string][], gone: readonly string[]): Part {
  const agent: Record<string, unknown> = {}
  const document: Record<string, unknown> = {}
  const set = (name: string, value: unknown) => {
    const [root, ...rest] = name.split('/')
    if (root === 'connections') put(agent, ['connections', rest.join('/')], value)
    else if (root === 'devices' || root === 'problems') put(document, [root, ...JSON.parse(rest.join('/'))], value)
    else agent[name] = value
  }
  for (const [name, text] of changed) {
    const value: Part = JSON.parse(text)
    // A part replaces what was there: fields that it does not have any more must go, and a merge keeps them.
    const fields = name.startsWith('connections/') ? STATUS_FIELDS : OPTIONAL[name]
    set(name, fields === undefined ? value : whole(value, fields))
  }
  for (const name of gone) set(name, null)
  return Object.keys(agent).length === 0 ? document : { agent, ...document }
}

function put(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = into
  for (const name of path.slice(0, -1)) {
    at[name] ??= {}
    at = at[name] as Record<string, unknown>
  }
  at[path.at(-1)!] = value
}

const OPTIONAL: Readonly<Record<string, readonly string[]>> = { queue: ['oldest'], configuration: ['reason'] }
const STATUS_FIELDS = ['reason', 'lastReadingAt', 'lastError']

function whole(part: Part, optional: readonly string[]): Part {
  return {
    ...Object.fromEntries(optional.filter((name) => part[name] === undefined).map((name) => [name, null])),
    ...part,
  }
}
