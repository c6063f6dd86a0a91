/** A Modbus TCP peer for faults: what it does with each request is the test's to say. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** One request as it came. */
export interface Asked {
  readonly transaction: number
  readonly unit: number
  readonly pdu: Buffer
  readonly frame: Buffer
  readonly socket: Socket
}

export interface Peer {
  readonly port: number
  readonly asked: Asked[]
  /** Connections made so far. */
  readonly connections: number
  /** Ends all connections and takes no more. */
  close(): Promise<void>
  /** Ends all connections. */
  cut(): void
}

/** @param onAsked answers, or does not */
export async function startPeer(
  onAsked: (asked: Asked) => void,
  options: { port?: number; onConnect?: (socket: Socket) => void } = {},
): Promise<Peer> {
  const sockets = new Set<Socket>()
  const asked: Asked[] = []
  let connections = 0
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    let rest = Buffer.alloc(0)
    socket.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes])
      while (rest.length >= 6 && rest.length >= 6 + rest.readUInt16BE(4)) {
        const frame = rest.subarray(0, 6 + rest.readUInt16BE(4))
        rest = rest.subarray(frame.length)
        const one = { transaction: frame.readUInt16BE(0), unit: frame[6]!, pdu: frame.subarray(7), frame, socket }
        asked.push(one)
        onAsked(one)
      }
    })
    options.onConnect?.(socket)
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    get connections() {
      return connections
    },
    cut,
    close: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The answer to a read of registers: each holds its address, unless `value` says otherwise. */
export function registersAnswer(
  { pdu }: Pick<Asked, 'pdu'>,
  value: (address: number) => number = (address) => address,
): Buffer {
  const address = pdu.readUInt16BE(1)
  const count = pdu.readUInt16BE(3)
  const answer = Buffer.alloc(2 + count * 2)
  answer[0] = pdu[0]!
  answer[1] = count * 2
  for (let at = 0; at < count; at++) answer.writeUInt16BE(value(address + at) & 0xffff, 2 + at * 2)
  return answer
}
