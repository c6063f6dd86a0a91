import type { AdapterPorts } from '@millwright/connectivity'
import type { Clock, Log } from '@millwright/foundation'
import type { AuditLog, DeviceIdentity } from '@millwright/trust'

import type { Broker } from './broker/broker.ts'
import type { MqttLimits } from './config.ts'
import type { MqttCounters } from './counters.ts'
import type { RefusalLog } from './refusal-log.ts'
import type { SessionStore } from './store/session-store.ts'
import type { HeaderRule } from './wire/packet-types.ts'

/** What the broker needs of trust. */
export interface MqttTrust {
  readonly deviceIdentity: DeviceIdentity
  readonly audit: Pick<AuditLog, 'record'>
}

/** A connection as others see it: the one that takes over its client id, and the adapter that stops. */
export interface Ending {
  /** Closes it; resolves when nothing of it is left in the broker. */
  end(reason: string): Promise<void>
}

/** What all connections of one adapter share. */
export interface MqttContext {
  readonly ports: AdapterPorts
  readonly trust: MqttTrust
  readonly clock: Clock
  readonly log: Log
  /** For what may come a thousand times a minute. */
  readonly refusals: RefusalLog
  readonly limits: MqttLimits
  readonly rules: readonly (HeaderRule | undefined)[]
  readonly counters: MqttCounters
  readonly broker: Broker
  readonly store: SessionStore
  /** Namespaced client id -> the connection that has it. */
  readonly clients: Map<string, Ending>
  /** Bytes of unfinished packets, all connections together. */
  unfinishedBytes: number
  stopping: boolean
}
