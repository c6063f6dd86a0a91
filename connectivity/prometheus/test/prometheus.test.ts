/** Prometheus itself (Debian's package) scrapes a page of ours and writes what it found to the connection. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { TestPorts } from '@millwright/connectivity/testing'
import { Value } from 'typebox/value'
import { type PrometheusConfig, prometheusAdapter } from '../src/index.ts'

const installed = spawnSync('prometheus', ['--version']).error === undefined
const skip = installed ? false : 'prometheus is not installed: apt-get install prometheus'

test('Prometheus writes what it scrapes, and that a target went away', { skip }, async (t) => {
  const ports = new TestPorts()
  t.after(() => ports.close())
  const config = Value.Default(prometheusAdapter.configSchema, { port: 0, username: 'prom', password: 'pw' })
  const connection = prometheusAdapter.create(config as PrometheusConfig, ports)
  await connection.start()
  t.after(() => connection.stop())

  const page = '# TYPE press_strokes_total counter\npress_strokes_total{press="7"} 42\noil_temperature_celsius 61.5\n'
  const exporter = createServer((_, response) => response.end(page)).listen(0, '127.0.0.1')
  await once(exporter, 'listening')
  const target = `127.0.0.1:${(exporter.address() as AddressInfo).port}`
  const file = join(ports.root, 'prometheus.yml')
  writeFileSync(
    file,
    `
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: press
    static_configs: [{ targets: ['${target}'] }]
remote_write:
  - url: http://127.0.0.1:${connection.port}/api/v1/write
    basic_auth: { username: prom, password: pw }
    queue_config: { batch_send_deadline: 200ms }
`,
  )
  const prometheus = spawn(
    'prometheus',
    [`--config.file=${file}`, `--storage.tsdb.path=${join(ports.root, 'data')}`, '--web.listen-address=127.0.0.1:0'],
    { stdio: 'ignore' },
  )
  t.after(async () => {
    const exited = once(prometheus, 'exit')
    prometheus.kill('SIGKILL')
    await exited
  })
  const device = `press/${target}`
  await ports.until(() => ports.values('oil_temperature_celsius', device).length > 0)
  assert.deepEqual(ports.last('oil_temperature_celsius', device)?.value, 61.5)
  assert.deepEqual(ports.last('oil_temperature_celsius', device)?.unit, 'Cel')
  assert.equal(ports.last('press_strokes_total{press="7"}', device)?.value, 42)
  assert.equal(ports.last('up', device)?.value, 1)
  assert.ok(Math.abs(ports.last('up', device)!.time - ports.clock.now()) < 10_000_000)

  exporter.close()
  exporter.closeAllConnections()
  await ports.until(() => ports.last('up', device)?.value === 0)
  const gone = ports.last('oil_temperature_celsius', device)
  assert.deepEqual([gone?.value, gone?.quality], [null, 0x80310000])
  assert.equal(connection.counters['rejected_samples'], 0)
  assert.deepEqual(ports.refused, [])
})
