import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { TestPorts } from '@millwright/connectivity/testing'
import { linesAdapter } from '@millwright/connectivity-lines'
import type { Scenario } from '../scenario.ts'
import { measureRate, type Rate } from './measured.ts'
import { startPeerProcess } from './peer-process.ts'

const EXPRESSION = /^(\S+) T=([-+.\d]+) C p=([-+.\d]+) bar$/

export const lines: Scenario = {
  name: 'lines',
  about: 'lines of text over TCP, two numbers and a device name in each, against readline and a regular expression',
  async run({ quick }) {
    const peer = await startPeerProcess('lines')
    const seconds = quick ? 2 : 4
    try {
      const bare = await measureBare(peer.port, seconds)
      const ours = await measureOurs(peer.port, seconds)
      return {
        figures: [
          { name: 'lines of bare readline', value: bare.rate, unit: 'lines/s', note: `${bare.cpu.toFixed(2)} cores` },
          {
            name: 'lines of the adapter',
            value: ours.rate,
            unit: 'lines/s',
            note: `${ours.cpu.toFixed(2)} cores, 2 readings each`,
          },
          { name: 'processor time of readline', value: bare.perMillion, unit: 's per million lines' },
          { name: 'processor time of the adapter', value: ours.perMillion, unit: 's per million lines' },
        ],
      }
    } finally {
      await peer.stop()
    }
  },
}

async function measureBare(port: number, seconds: number): Promise<Rate> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let count = 0
  let sum = 0
  const reader = createInterface({ input: socket })
  reader.on('line', (line) => {
    const match = EXPRESSION.exec(line)!
    sum += Number(match[2]) + Number(match[3])
    count++
  })
  const rate = await measureRate(() => count, seconds)
  reader.close()
  socket.destroy()
  if (!Number.isFinite(sum)) throw new Error('what was read is no number')
  return rate
}

async function measureOurs(port: number, seconds: number): Promise<Rate> {
  const ports = new TestPorts()
  ports.counting = true
  const template = '{device:word} T={t:number} C p={p:number} bar'
  const connection = linesAdapter.create(
    {
      source: { type: 'tcp-client', host: '127.0.0.1', port },
      patterns: [{ type: 'template', template, device: 'device', fields: [{ field: 't', unit: 'Cel' }] }],
    },
    ports,
  )
  await connection.start()
  try {
    return await measureRate(() => ports.count / 2, seconds)
  } finally {
    await connection.stop()
    ports.close()
  }
}
