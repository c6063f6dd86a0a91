import type { Clock, Log } from '@millwright/foundation'
import type { OpcuaPorts } from './ports.ts'

/** Bounds of the server; each is enforced before the thing it bounds takes memory. */
export interface OpcuaLimits {
  readonly connections: number
  readonly sessions: number
  readonly subscriptionsPerSession: number
  /** Of all sessions together. */
  readonly monitoredItems: number
  readonly queuedValues: number
  /** Values of one HistoryRead for one node; more come with continuation points. */
  readonly historyValues: number
  /** Readings one aggregate may look at when the rollups cannot answer. */
  readonly aggregatedReadings: number
  readonly nodesPerCall: number
  /** How long what was shown is kept after the last visitor has left, ms. */
  readonly linger: number
}

export const OPCUA_LIMITS: OpcuaLimits = {
  connections: 50,
  sessions: 50,
  subscriptionsPerSession: 20,
  monitoredItems: 50_000,
  queuedValues: 1000,
  historyValues: 10_000,
  aggregatedReadings: 1_000_000,
  nodesPerCall: 2000,
  linger: 60_000,
}

export interface OpcuaServerOptions {
  readonly ports: OpcuaPorts
  readonly clock: Clock
  readonly log: Log
  /** 0: any free port. */
  readonly port: number
  /** Address to listen on; default: all. */
  readonly host?: string
  /** Under which clients reach this machine; stands in the endpoints' addresses. */
  readonly hostName: string
  /**
   * SHA-256 fingerprints, hex, of the client applications' certificates that are let in; `*` lets in any. None is let in
   * by default: a refused one is named in the log.
   */
  readonly trustedClients: readonly string[]
  /** Also offers an endpoint without signature and encryption: passwords are still encrypted, values are not. */
  readonly allowUnsecured?: boolean
  readonly limits?: Partial<OpcuaLimits>
}

export const APPLICATION_URI = 'urn:millwright:opcua-server'
/** Of the plant's nodes. */
export const NAMESPACE_URI = 'urn:millwright:plant'
