/** What one device or tenant may take of the platform. Payload bounds stand in `codecs/bounds.ts`. */
export interface Limits {
  /** Of one device, a second; twice as many at once. */
  readonly messageRate: number
  /** Readings of one device, a second; twice as many at once. */
  readonly pointRate: number
  /** Different metrics that one device may send. */
  readonly metricsPerDevice: number
  /** The same of a connection's device: one OPC UA server has more nodes than a device that speaks for itself has metrics. */
  readonly metricsPerConnection: number
  readonly connectionsPerTenant: number
  /** Devices behind one gateway. */
  readonly devicesPerGateway: number
  /** Devices behind one connection. */
  readonly devicesPerConnection: number
  /** Connections of one tenant. */
  readonly connectionsMade: number
  /** Messages of one device that wait until their metrics are known. */
  readonly waitingMessages: number
  /** Bytes of all messages that wait so, on the whole platform. */
  readonly waitingBytes: number
  /** Commands of one device that are queued or sent. */
  readonly openCommands: number
}

/** Generous: they stop a broken or hostile device, not a busy one. */
export const defaultLimits: Limits = {
  messageRate: 100_000,
  pointRate: 1_000_000,
  metricsPerDevice: 10_000,
  metricsPerConnection: 100_000,
  connectionsPerTenant: 50_000,
  devicesPerGateway: 1_000,
  devicesPerConnection: 10_000,
  connectionsMade: 1_000,
  waitingMessages: 1_000,
  waitingBytes: 256 * 1024 * 1024,
  openCommands: 1_000,
}
