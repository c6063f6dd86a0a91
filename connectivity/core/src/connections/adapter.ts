/**
 * The contract of adapters that are configured: a connection is one machine, broker, bench or folder that the platform (or
 * an edge agent) goes to. The same adapter code runs in the server and in the agent; what differs stands behind
 * `ConnectionPorts`. An adapter turns wire bytes into rows and commands into wire bytes; it knows no database, no signal
 * and no tenant.
 */
import type { BrowsePage, ConnectionTest, PeerCertificate } from '@millwright/contracts'
import type { Clock, Log, MillwrightError } from '@millwright/foundation'
import type { TObject } from 'typebox'
import type { AdapterManifest } from '../adapter.ts'
import type { MetricRows } from '../codecs/rows.ts'
import type { SignalFeed } from './feed.ts'

/** What a configured adapter says of itself. */
export interface ConnectionManifest extends AdapterManifest {
  /** Where it can run. A sink of the platform's signals runs in the platform only. */
  readonly runsOn: readonly ('platform' | 'edge')[]
  /** Has `browse`. */
  readonly browses: boolean
  /** Files that `imports` reads, for the console's file dialogue: `{ format: 'dbc', name: 'CAN database', extensions: ['.dbc'] }`. */
  readonly imports: readonly {
    readonly format: string
    readonly name: string
    readonly extensions: readonly string[]
  }[]
}

/** A protocol that connections can speak. `Config` is the static type of `configSchema`. */
export interface ConnectionAdapter<Config = unknown> {
  readonly manifest: ConnectionManifest
  /**
   * TypeBox object, `additionalProperties: false`, every field with `title` and `description` (the console makes its form
   * of it), defaults where there is a sensible one, and bounds. Secrets are made with `Secret()`.
   */
  readonly configSchema: TObject
  /** What the schema cannot say (ranges that overlap, scripts that do not parse). Throws a MillwrightError with `path`. */
  check?(config: Config): void
  /** Makes a connection; nothing happens before `start`. */
  create(config: Config, ports: ConnectionPorts): RunningConnection
  /**
   * Connects once, step by step, and says in words how far it came and what is there. Never rejects because of the peer:
   * a failed step is an answer.
   */
  test(config: Config, ports: ProbePorts): Promise<ConnectionTest>
  /** One level of what the peer has, lazily. Rejects with a MillwrightError when the peer cannot be asked. */
  browse?(config: Config, ports: ProbePorts, at: BrowseAt): Promise<BrowsePage>
  /** Reads a file of the field into a part of the configuration. Throws a MillwrightError that names the line. */
  import?(format: string, file: Uint8Array): Promise<ImportedConfig>
}

export interface BrowseAt {
  /** `id` of the item whose children are asked for; undefined: the top. */
  readonly node: string | undefined
  readonly cursor: string | undefined
  readonly limit: number
}

export interface ImportedConfig {
  /** To be merged into the configuration: arrays replace. */
  readonly config: Readonly<Record<string, unknown>>
  /** What was left out or guessed, in words. */
  readonly notes: readonly string[]
}

/** What a test or a browse may use: for seconds, and nothing it does is kept. */
export interface ProbePorts {
  readonly clock: Clock
  readonly log: Log
  /** A folder that outlives the probe: the identity an adapter shows (a client certificate) is kept there. */
  readonly identity: string
  /** Aborts when the time is up or the person went away. */
  readonly signal: AbortSignal
}

/** What a running connection may use. */
export interface ConnectionPorts {
  /** Of the connection, as in `source` and the log. */
  readonly id: string
  /** As people call it. */
  readonly name: string
  readonly clock: Clock
  readonly log: Log
  /** 0 <= n < 1, for jitter. */
  readonly random: () => number
  /** `preview`: read a little and leave no trace: no durable subscription, no file moved, nothing acknowledged for good. */
  readonly purpose: 'run' | 'preview'
  /** A folder of this connection's own, made already, kept over restarts, gone with the connection. */
  readonly directory: string
  /** Shared by all connections of this process that show the same identity (an application's client certificate). */
  readonly identity: string
  readonly readings: ReadingsPort
  readonly status: StatusPort
  /** The platform's own signals, for sinks; only where `runsOn` is the platform. */
  readonly feed: SignalFeed | undefined
}

/** Where decoded readings go. */
export interface ReadingsPort {
  /**
   * Takes rows before it returns: the caller may clear and use them again. Times of 0 mean "now". Resolves when they are
   * durable (in the historian; at the edge: in the queue): acknowledge to the peer then. Rejects with
   * - a refusal (`isRefusal`): never to be taken; its dead letter is durable;
   * - anything else: not stored. What the peer can send again (MQTT, files) must not be acknowledged.
   * One metric that cannot be stored does not reject: it gets a dead letter of its own.
   * @param source where they came from, as `opcua:ns=2;s=Temperature` or a topic; without the adapter's id
   * @param device a device behind this connection (a Modbus unit, a Sparkplug device), made when first met; absent: the
   *   connection's own device
   */
  accept(rows: MetricRows, source: string, device?: string): Promise<void>
  /** A payload that cannot be read: its dead letter. Resolves when that is durable. */
  refuse(payload: Uint8Array, source: string, error: MillwrightError, device?: string): Promise<void>
  /** A device behind this connection is there, or is gone and why. Readings imply that it is there. */
  online(device: string): void
  offline(device: string, reason: string): void
  /** True when storage is behind: stop reading from the peer until `drained` resolves. */
  readonly saturated: boolean
  drained(): Promise<void>
}

/** How a connection says how it is. Every state but `running` needs a sentence that a plant engineer can act on. */
export interface StatusPort {
  /** Peers answer, readings come. */
  running(): void
  /** Some of it works: "unit 7 does not answer since 10:03". */
  degraded(reason: string): void
  /** The peer is away; it is tried again by itself. */
  waiting(reason: string): void
  /** A person must change something: credentials, certificate, configuration. It may be tried again, slowly. */
  failed(reason: string): void
  /** A certificate that nobody accepted or rejected yet: the console asks. An empty list: none any more. */
  certificates(unknown: readonly PeerCertificate[]): void
}

/** A connection that exists; it may be running. */
export interface RunningConnection {
  /** Resolves once it works at it: a peer that is away is a state, not an error. */
  start(): Promise<void>
  /** Resolves when sockets, timers and files are closed; what was accepted is settled. At most 5 s. */
  stop(): Promise<void>
  /** Carries out a command: `write` `{ metric, value }` and what the manifest's README says. Rejects with words for the user. */
  command?(command: ConnectionCommand): Promise<unknown>
  /** Running totals since start, for /metrics and the status page: short snake_case names (`reads`, `timeouts`). */
  readonly counters: Readonly<Record<string, number>>
}

export interface ConnectionCommand {
  readonly name: string
  readonly params: unknown
  /** The device behind the connection it is for; absent: the connection's own. */
  readonly device: string | undefined
  /** Aborts when the command timed out. */
  readonly signal: AbortSignal
}
