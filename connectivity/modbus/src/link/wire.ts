/** A way for bytes: a TCP connection or an open serial port. */
export interface Wire {
  write(bytes: Uint8Array): void
  /** Resolves when it can be opened again. */
  close(): Promise<void>
}

export interface WireEvents {
  data(bytes: Uint8Array): void
  /** Once, and not after `close()`: the peer or the port went away. */
  closed(error: Error): void
}

export type OpenWire = (events: WireEvents, signal: AbortSignal) => Promise<Wire>
