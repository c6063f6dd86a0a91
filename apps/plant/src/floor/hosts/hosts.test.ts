import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import snappy from 'snappyjs'
import { HostsSpeaker } from './hosts.ts'

const TIME = 1_790_000_000_123_456

describe('the watchers of computers', () => {
  const heard = new EventEmitter<{ request: [url: string, body: Buffer]; datagram: [text: string] }>()
  const http = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    response.writeHead(204).end()
    heard.emit('request', request.url!, Buffer.concat(chunks))
  })
  const udp = createSocket('udp4').on('message', (bytes) => heard.emit('datagram', String(bytes)))
  let speaker: HostsSpeaker
  let port: number

  before(async () => {
    http.listen(0, '127.0.0.1')
    udp.bind(0, '127.0.0.1')
    await Promise.all([once(http, 'listening'), once(udp, 'listening')])
    port = (http.address() as AddressInfo).port
    speaker = new HostsSpeaker({ machines: [], port, directory: '', configure: async () => ({}) })
  })
  after(async () => {
    await speaker.stop()
    udp.close()
    http.close()
  })

  it('says of ports that are taken that others are free', async () => {
    const { receivers } = await speaker.start()
    assert.notEqual(receivers!.influx, port)
    assert.ok(receivers!.influx > 0 && receivers!.influxUdp > 0 && receivers!.prometheus > 0)
  })

  it('sends to nobody until it knows to whom, then line protocol over HTTP and UDP', async () => {
    const messages = [{ time: TIME, values: { cpu_usage: 24.5, disk_used: 58, temperature: 41.2 } }]
    speaker.show('IPC-1', messages)
    speaker.sendTo({ influx: port, influxUdp: udp.address().port, prometheus: port })
    const [request, datagram] = [once(heard, 'request'), once(heard, 'datagram')]
    speaker.show('IPC-1', messages)
    const [url, body] = (await request) as [string, Buffer]
    assert.equal(url, '/api/v2/write?org=works&bucket=hosts')
    assert.equal(String(body), 'system,host=IPC-1 cpu_usage=24.5,disk_used=58 1790000000123456000\n')
    assert.deepEqual(await datagram, ['sensors,host=IPC-1 temperature=41.2 1790000000123456000\n'])
  })

  it('remote-writes what Prometheus would', async () => {
    const request = once(heard, 'request')
    speaker.show('SRV-1', [{ time: TIME, values: { cpu_usage: 37.5 } }])
    const [url, body] = (await request) as [string, Buffer]
    assert.equal(url, '/api/v1/write')
    // By hand, of prompb/remote.proto: TimeSeries { labels __name__, instance, job; sample 37.5 at 1790000000123 ms }.
    const label = (name: string, value: string) => {
      const inside = [0x0a, name.length, ...Buffer.from(name), 0x12, value.length, ...Buffer.from(value)]
      return [0x0a, inside.length, ...inside]
    }
    const value = Buffer.alloc(8)
    value.writeDoubleLE(37.5)
    const stamp: number[] = []
    for (let rest = 1_790_000_000_123; ; rest = Math.floor(rest / 128)) {
      stamp.push((rest % 128) + (rest >= 128 ? 128 : 0))
      if (rest < 128) break
    }
    const sample = [0x09, ...value, 0x10, ...stamp]
    const series = [
      ...[...label('__name__', 'cpu_usage'), ...label('instance', 'SRV-1'), ...label('job', 'host')],
      ...[0x12, sample.length, ...sample],
    ]
    assert.deepEqual([...snappy.uncompress(body)], [0x0a, series.length, ...series])
  })
})
