import type { Socket } from 'node:net'
import type { Clock, Micros } from '@millwright/foundation'

/** Header and what a Hello may hold (OPC 10000-6, 7.1.2.3: an endpoint's address of up to 4,096 bytes). */
const HEADER = 8
const LARGEST = 8192

/**
 * Waits for a connection's first message, a whole Hello, and puts it back. A connection that says nothing, half of it or
 * something else is none of a client's, and takes no place among those that are.
 * @returns whether it said Hello in time; the socket is paused then
 */
export function saidHello(socket: Socket, clock: Clock, within: Micros): Promise<boolean> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const done = (hello: boolean) => {
      timer.cancel()
      socket.off('data', take)
      socket.off('close', gone)
      socket.pause()
      if (hello) socket.unshift(Buffer.concat(chunks))
      resolve(hello)
    }
    const gone = () => done(false)
    const take = (chunk: Buffer) => {
      chunks.push(chunk)
      const size = sizeOfHello(Buffer.concat(chunks))
      if (size === 'more') return
      done(size === 'whole')
    }
    const timer = clock.after(within, gone)
    socket.on('data', take)
    socket.once('close', gone)
    socket.resume()
  })
}

/** What the bytes so far are of a Hello. */
export function sizeOfHello(bytes: Buffer): 'more' | 'whole' | 'none' {
  const kind = 'HELF'
  if (bytes.subarray(0, 4).toString('latin1') !== kind.slice(0, Math.min(4, bytes.length))) return 'none'
  if (bytes.length < HEADER) return 'more'
  const size = bytes.readUInt32LE(4)
  if (size < HEADER + 24 || size > LARGEST) return 'none'
  return bytes.length >= size ? 'whole' : 'more'
}
