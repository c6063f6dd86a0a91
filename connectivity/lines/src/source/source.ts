/** Where bytes come from: one device we connect to, devices that connect to us, datagrams, a serial port. */
export interface SourceEvents {
  /** Something can be received from now on: connected, or listening. */
  up(): void
  /** Nothing can be received; it is tried again by itself. */
  down(error: Error): void
  /** @param peer who sent it: an address, or a port's path */
  data(peer: string, bytes: Uint8Array): void
  /** What the peer sent is complete (a datagram), or it is gone. */
  end(peer: string): void
}

export interface TextSource {
  start(): void
  stop(): Promise<void>
  /** While paused nothing is taken: streams wait in the network, datagrams are lost and counted. */
  pause(): void
  resume(): void
  /** Sends; false when nobody is there to get it. */
  send(bytes: Uint8Array): boolean
  /** The connection is of no use (too long silent): makes it anew. */
  renew(): void
}
