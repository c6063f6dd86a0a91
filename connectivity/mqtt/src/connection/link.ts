import { Duplex } from 'node:stream'

/**
 * Last look at a message before it is written to a device: gives it the topic the device knows and the QoS it was
 * granted, in place; false drops it.
 */
export type Forward = (message: { topic: string; qos: 0 | 1 | 2; payload: Buffer }) => boolean

/** More than the platform ever holds for one connection: the link itself never pushes back. */
const UNBOUNDED = 1 << 30

/**
 * The stream that aedes takes for a socket. What it writes goes straight on to the device's TLS socket, whose backlog
 * the connection bounds by dropping slow readers: so one device that does not read never holds up the broker's
 * deliveries to others, as a stream that waits for `drain` would.
 */
export class Link extends Duplex {
  /** CONNACK is written. */
  greeted = false
  /** Set by the connection once the device is known. */
  forward: Forward | undefined
  readonly #out: (bytes: Buffer) => void

  constructor(out: (bytes: Buffer) => void) {
    super({ writableHighWaterMark: UNBOUNDED, emitClose: true })
    this.#out = out
  }

  /** Bytes from the device to aedes. */
  feed(bytes: Buffer): void {
    if (!this.destroyed) this.push(bytes)
  }

  override _read(): void {}

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.#out(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
    done()
  }

  override _writev(chunks: { chunk: Buffer | string; encoding: BufferEncoding }[], done: () => void): void {
    const buffers = chunks.map(({ chunk }) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk))
    this.#out(Buffer.concat(buffers))
    done()
  }
}
