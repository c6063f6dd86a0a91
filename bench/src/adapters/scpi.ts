import { once } from 'node:events'
import { connect } from 'node:net'
import { TestPorts } from '@millwright/connectivity/testing'
import { type ScpiConfig, scpiAdapter } from '@millwright/connectivity-scpi'
import type { Scenario } from '../scenario.ts'
import { measureRate, type Rate } from './measured.ts'
import { startPeerProcess } from './peer-process.ts'

/** Queries in one run of a script. */
const QUERIES = 200
const SAMPLES = 100_000

export const scpi: Scenario = {
  name: 'scpi',
  about: 'an instrument over TCP: queries one after the other, against a bare socket; waveforms',
  async run({ quick }) {
    const peer = await startPeerProcess('scpi')
    const seconds = quick ? 2 : 3
    try {
      const bare = await measureBare(peer.port, seconds)
      const queries = Array.from({ length: QUERIES }, (_, at) => ({
        send: `MEAS:VOLT? (@${at})`,
        result: { type: 'number' as const, metric: `u${at}`, unit: 'V' },
      }))
      const ours = await measureOurs(peer.port, seconds, queries)
      const result = { type: 'waveform' as const, metric: 'w', format: 'real32' as const, sampleRate: 1e6 }
      const waves = await measureOurs(peer.port, seconds, [{ send: 'CURV?', result }])
      return {
        figures: [
          {
            name: 'queries of a bare socket',
            value: bare.rate,
            unit: 'queries/s',
            note: `${bare.cpu.toFixed(2)} cores`,
          },
          { name: 'queries of the adapter', value: ours.rate, unit: 'queries/s', note: `${ours.cpu.toFixed(2)} cores` },
          {
            name: `waveforms of ${SAMPLES.toLocaleString('en')} samples`,
            value: waves.rate,
            unit: 'waveforms/s',
            note: `REAL,32 blocks, at most 100 a second; ${waves.cpu.toFixed(2)} cores`,
          },
        ],
      }
    } finally {
      await peer.stop()
    }
  },
}

async function measureBare(port: number, seconds: number): Promise<Rate> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  let count = 0
  socket.on('data', () => {
    count++
    socket.write('MEAS:VOLT?\n')
  })
  socket.write('MEAS:VOLT?\n')
  const rate = await measureRate(() => count, seconds)
  socket.destroy()
  return rate
}

async function measureOurs(
  port: number,
  seconds: number,
  steps: ScpiConfig['scripts'][number]['steps'],
): Promise<Rate> {
  const ports = new TestPorts()
  ports.counting = true
  const connection = scpiAdapter.create({ host: '127.0.0.1', port, scripts: [{ interval: 10, steps }] }, ports)
  await connection.start()
  try {
    return await measureRate(() => ports.count, seconds)
  } finally {
    await connection.stop()
    ports.close()
  }
}
