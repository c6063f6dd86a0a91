/** What the broker has done since it started, as plain numbers: `/metrics` and the bench read them. */
export interface MqttCounters {
  /** Open sockets, identified or not. */
  connections: number
  /** TLS handshakes finished; how many of them resumed an earlier session. */
  handshakes: number
  resumed: number
  /** CONNECTs accepted. */
  connected: number
  /** Application messages (PUBLISH). */
  messagesIn: number
  messagesOut: number
  bytesIn: number
  bytesOut: number
  /** Persistent sessions' messages dropped because the queue was full or the session expired. */
  queueDropped: number
  /**
   * Connections refused or cut and messages or subscriptions refused, by error code
   * (`MW-MQTT-0023`); what fails before MQTT by name (`tls-handshake`, `too-many-handshakes`, `too-many-connections`).
   */
  readonly refused: Record<string, number>
}

export const newCounters = (): MqttCounters => ({
  connections: 0,
  handshakes: 0,
  resumed: 0,
  connected: 0,
  messagesIn: 0,
  messagesOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  queueDropped: 0,
  refused: {},
})

export function countRefused(counters: MqttCounters, code: string): void {
  counters.refused[code] = (counters.refused[code] ?? 0) + 1
}
