/** Peers that do as little as they can: a Modbus TCP server, a device that pours lines, an instrument, two MQTT brokers. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { mqtt, sparkplug } from './mqtt-peers.ts'

const roles: Record<string, (socket: Socket) => void> = { modbus, lines, scpi, mqtt, sparkplug }

/** Answers reads of registers: each holds its address. */
function modbus(socket: Socket): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (bytes) => {
    let whole = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    while (whole.length >= 12) {
      const count = whole.readUInt16BE(10)
      const answer = Buffer.allocUnsafe(9 + count * 2)
      whole.copy(answer, 0, 0, 8)
      answer.writeUInt16BE(3 + count * 2, 4)
      answer[8] = count * 2
      for (let at = 0; at < count; at++) answer.writeUInt16BE((whole.readUInt16BE(8) + at) & 0xffff, 9 + at * 2)
      socket.write(answer)
      whole = whole.subarray(12)
    }
    rest = whole
  })
}

/** As many lines as are taken. */
function lines(socket: Socket): void {
  const some = Array.from(
    { length: 1_000 },
    (_, at) => `press-${at % 50} T=${20 + (at % 100) / 10} C p=${at} bar\n`,
  ).join('')
  const pour = () => {
    while (socket.writable && socket.write(some));
  }
  socket.on('drain', pour)
  pour()
}

const BLOCK = Buffer.concat([Buffer.from('#6400000'), Buffer.alloc(400_000, 1), Buffer.from('\n')])

/** A multimeter and an oscilloscope of 100,000 samples. */
function scpi(socket: Socket): void {
  socket.on('data', (bytes) => {
    for (const message of bytes.toString('latin1').split('\n')) {
      if (message === '*IDN?') socket.write('Millwright,Bench,1,1\n')
      else if (message === 'CURV?') socket.write(BLOCK)
      else if (message === 'SYST:ERR?') socket.write('0,"No error"\n')
      else if (message.includes('?')) socket.write('+1.234567E+00\n')
    }
  })
}

const serve = roles[process.argv[2] ?? '']!
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  serve(socket)
})
// All addresses of the loopback network: a thousand devices have a thousand of them.
server.listen({ port: 0, host: '0.0.0.0', backlog: 4_096 })
await once(server, 'listening')
process.send!({ port: (server.address() as AddressInfo).port })
process.on('disconnect', () => process.exit())
