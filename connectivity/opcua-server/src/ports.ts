/** What the server asks of the platform; the application plugs it in. */
import type { ReadingBatch, SignalKey, WideValue } from '@millwright/connectivity'
import type { Alarm, Level, SignalKind } from '@millwright/contracts'
import type { Micros, Subscription } from '@millwright/foundation'
import type { Actor } from '@millwright/trust'

/** A node of the asset tree. */
export interface PlantNode {
  readonly id: string
  readonly tenant: string
  readonly parent: string | null
  /** Ids from the root to this node, this one included. */
  readonly path: readonly string[]
  readonly level: Level
  readonly name: string
  readonly equipmentClass: string | null
}

export interface PlantSignal {
  readonly key: SignalKey
  readonly id: string
  readonly tenant: string
  readonly path: readonly string[]
  readonly name: string
  readonly kind: SignalKind
  /** UCUM code; `1` for none. */
  readonly unit: string
  readonly equipment: string | null
  readonly min: number | null
  readonly max: number | null
}

export interface PlantClass {
  readonly id: string
  readonly name: string
  readonly description: string
}

/** The asset tree, from memory. */
export interface TreePort {
  /** The uppermost nodes of a tenant. */
  roots(tenant: string): Iterable<PlantNode>
  node(id: string): PlantNode | undefined
  children(id: string): Iterable<PlantNode>
  signals(node: string): Iterable<PlantSignal>
  signal(id: string): PlantSignal | undefined
  /** Asked when a session begins; the types of the tenant's equipment. */
  classes(tenant: string): Promise<readonly PlantClass[]>
  /** Nodes and signals that are new, changed, moved or gone. */
  onChange(listener: (id: string) => void): Subscription
}

/** A reading as it is shown; `quality` is an OPC UA status code. */
export interface ShownReading {
  readonly time: Micros
  readonly quality: number
  /** NaN for what is not a number. */
  readonly value: number
  readonly wide: WideValue | undefined
}

export interface ValuesPort {
  /** The newest reading, from memory. */
  latest(key: SignalKey): ShownReading | undefined
  /** The batch is reused after the call. */
  onCommit(listener: (batch: ReadingBatch) => void): Subscription
}

export interface HistoricalValue {
  readonly time: Micros
  readonly quality: number
  /** As the API shows a value of the signal's kind; null when it is not usable. */
  readonly value: unknown
}

export type TableAggregate = 'mean' | 'min' | 'max' | 'first' | 'last' | 'count'

export interface HistoryPort {
  /** Readings with from <= time < to, `limit` at the most, oldest first unless asked otherwise. */
  readings(
    signal: PlantSignal,
    range: { readonly from: Micros; readonly to: Micros },
    limit: number,
    newestFirst: boolean,
  ): Promise<readonly HistoricalValue[]>
  /** One value for each step of the range, from the rollups; steps begin at multiples of `step`. */
  table(
    signal: PlantSignal,
    query: { readonly from: Micros; readonly to: Micros; readonly step: Micros; readonly aggregate: TableAggregate },
  ): Promise<{ readonly time: readonly Micros[]; readonly values: readonly (number | null)[] }>
}

/** An alarm with what decides on who may see it. */
export interface WatchedAlarm {
  readonly alarm: Alarm
  readonly signalNames: readonly string[]
}

export interface AlarmChange extends WatchedAlarm {
  /** Of the transition. */
  readonly time: Micros
  readonly by: string
  readonly comment: string | undefined
}

/** Each answer checks what the actor may do, and throws a typed error when it may not, or the alarm's state forbids it. */
export interface AlarmsPort {
  /** Of all tenants. */
  standing(): Promise<readonly WatchedAlarm[]>
  onChange(listener: (change: AlarmChange) => void): Subscription
  mayRead(actor: Actor, watched: WatchedAlarm): boolean
  acknowledge(actor: Actor, alarm: string, comment: string | undefined): Promise<void>
  /** Lets a latched alarm go. */
  reset(actor: Actor, alarm: string, comment: string | undefined): Promise<void>
  comment(actor: Actor, alarm: string, comment: string): Promise<void>
  /** @param duration µs; undefined: as long as the platform allows */
  shelve(actor: Actor, alarm: string, duration: Micros | undefined, comment: string | undefined): Promise<void>
  unshelve(actor: Actor, alarm: string, comment: string | undefined): Promise<void>
}

/** Somebody who signed in. */
export interface Visitor {
  /** As known when it was last renewed. */
  readonly actor: Actor
  /** Looks again at who it is and what it may do; throws when the sign-in has ended. */
  renew(): Promise<void>
  /** Signs out. */
  end(): Promise<void>
}

export interface SignInPort {
  /** Throws a typed error when it is refused, or tried too often. */
  signIn(given: { readonly name: string; readonly password: string; readonly address: string }): Promise<Visitor>
  /** Something that somebody may do has changed. */
  onChange(listener: () => void): Subscription
}

/** The server's own application certificate. */
export interface ApplicationCertificate {
  /** PEM. */
  readonly certificate: string
  /** PKCS #8, PEM. */
  readonly key: string
}

export interface OpcuaPorts {
  readonly tree: TreePort
  readonly values: ValuesPort
  readonly history: HistoryPort
  readonly alarms: AlarmsPort
  readonly signIn: SignInPort
  /** Asked when the first client connects. @param applicationUri stands in the certificate */
  certificate(applicationUri: string): Promise<ApplicationCertificate>
}
