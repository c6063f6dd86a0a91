import { TestPorts } from '@millwright/connectivity/testing'
import { influxAdapter, LineReader, SeriesTable } from '@millwright/connectivity-influx'
import type { Scenario } from '../scenario.ts'
import { compared, throughput } from './throughput.ts'

const LINES = 5_000
const FIELDS = 5
const START = 1_790_000_000_000_000_000n

/** As Telegraf writes them: a hundred series, five fields each. */
function batch(): string {
  const lines: string[] = []
  for (let line = 0; line < LINES; line++) {
    const tags = `cpu=cpu${line % 10},host=gateway-${Math.floor(line / 10) % 10}`
    const fields = `usage_user=${(line % 977) / 7},usage_system=3.25,usage_idle=${100 - (line % 100)},count=${line}i,on=true`
    lines.push(`cpu,${tags} ${fields} ${START + BigInt(line) * 1_000_000n}`)
  }
  return `${lines.join('\n')}\n`
}

export const influx: Scenario = {
  name: 'influx',
  about: 'InfluxDB line protocol, five fields a line, against splitting the same text into maps',
  async run({ quick }) {
    const seconds = quick ? 1 : 3
    const text = batch()
    const table = new SeriesTable({ deviceTags: ['host'], ignoredTags: [], metric: 'measurement.field' })
    const bare = await throughput(() => split(text), seconds)
    const ours = await throughput(() => {
      const reader = new LineReader(text, 'ns', table, 1_790_000_100_000_000)
      while (reader.read(20_000)) for (const { rows } of table.devices) rows.clear()
      for (const { rows } of table.devices) rows.clear()
      return reader.points
    }, seconds)
    const whole = await overHttp(text, seconds)
    const note = `requests of ${LINES} lines, sender in the same process; ${whole.perMillion.toFixed(2)} s of processor a million`
    return {
      figures: [
        ...compared('line protocol', 'split', bare, ours),
        { name: 'line protocol, the adapter over HTTP', value: whole.rate, unit: 'points/s', note },
      ],
    }
  },
}

function split(text: string): number {
  let points = 0
  for (const line of text.split('\n')) {
    const [key, fields, time] = line.split(' ')
    if (key === undefined || fields === undefined) continue
    const tags = new Map(
      key
        .split(',')
        .slice(1)
        .map((pair) => pair.split('=') as [string, string]),
    )
    for (const field of fields.split(',')) {
      const [name, value] = field.split('=') as [string, string]
      if (tags.size > 0 && name !== '' && (Number.parseFloat(value) >= 0 || value === 'true') && Number(time) > 0)
        points++
    }
  }
  return points
}

async function overHttp(text: string, seconds: number) {
  const ports = new TestPorts()
  ports.counting = true
  const config = { host: '127.0.0.1', port: 0, maxBodyMegabytes: 25, deviceTags: ['host'], ignoredTags: [] }
  const connection = influxAdapter.create({ ...config, metric: 'measurement.field' }, ports)
  await connection.start()
  const url = `http://127.0.0.1:${connection.port}/api/v2/write?org=o&bucket=b`
  try {
    return await throughput(async () => {
      const response = await fetch(url, { method: 'POST', body: text })
      if (response.status !== 204) throw new Error(await response.text())
      return LINES * FIELDS
    }, seconds)
  } finally {
    await connection.stop()
    ports.close()
  }
}
