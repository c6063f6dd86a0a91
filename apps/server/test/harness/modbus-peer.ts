import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A Modbus TCP device with holding registers: enough for one connection, and nothing of it is ours otherwise. */
export class ModbusPeer implements AsyncDisposable {
  readonly registers: number[]
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((socket) => this.#serve(socket))

  constructor(registers: number[]) {
    this.registers = registers
  }

  /** @param port 0: a free one */
  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let held = Buffer.alloc(0)
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes])
      while (held.length >= 6 && held.length >= 6 + held.readUInt16BE(4)) {
        const length = 6 + held.readUInt16BE(4)
        socket.write(this.#answer(held.subarray(0, length)))
        held = held.subarray(length)
      }
    })
  }

  /** Function 3 reads holding registers, 6 writes one; anything else is "illegal function". */
  #answer(request: Buffer): Buffer {
    const code = request[7]!
    const address = request.readUInt16BE(8)
    const value = request.readUInt16BE(10)
    let body: Buffer
    if (code === 3) {
      body = Buffer.alloc(2 + value * 2)
      body[0] = 3
      body[1] = value * 2
      for (let i = 0; i < value; i++) body.writeUInt16BE(this.registers[address + i] ?? 0, 2 + i * 2)
    } else if (code === 6) {
      this.registers[address] = value
      body = Buffer.from(request.subarray(7, 12))
    } else body = Buffer.from([code | 0x80, 1])
    const head = Buffer.from(request.subarray(0, 7))
    head.writeUInt16BE(body.length + 1, 4)
    return Buffer.concat([head, body])
  }
}
