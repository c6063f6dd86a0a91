import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { TestServer } from '@millwright/connectivity-opcua/testing'
import { eventually } from '@millwright/foundation/testing'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const SPEED = { node: 'nsu=urn:millwright:test:machine;s=Speed', metric: 'speed' }
const PATIENCE = 60_000

describe('a machine with an OPC UA server', () => {
  let platform: RunningPlatform
  let machine: TestServer
  let directory: string
  let id: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-opcua-'))
    const secured = { policies: ['Basic256Sha256'], modes: ['SignAndEncrypt'] as const }
    ;[platform, machine] = await Promise.all([startPlatform({ directory }), TestServer.start(secured)])
  })
  after(async () => {
    await platform?.stop()
    await machine?.kill()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  const config = (trustedCertificates: string[]) => ({
    endpoint: machine.endpoint,
    trustedCertificates,
    nodes: [SPEED],
    publishingInterval: 100,
  })
  const draft = (trusted: string[]) => ({ adapter: 'opcua', config: config(trusted) })

  it('is asked about its certificate, and brings readings once that is accepted', async () => {
    const { client } = platform
    const tried = await client.testConnection({ body: draft([]) })
    assert.deepEqual([tried.ok, tried.certificates.length], [false, 1])
    const made = await client.createConnection({ body: { name: 'Press', ...draft([]) } })
    id = made.id
    const asked = await eventually(async () => {
      const { status } = await client.getConnection({ params: { id } })
      return status.state === 'failed' ? status : undefined
    }, PATIENCE)
    assert.match(asked.reason ?? '', /accept it in the console/i)
    const accepted = config(asked.certificates.map(({ pem }) => pem))
    await client.updateConnection({ params: { id }, body: { config: accepted }, ifMatch: made.version })
    const signal = await eventually(async () => {
      const { items } = await client.listSignals({ query: { q: 'speed' } })
      return items[0]
    }, PATIENCE)
    const latest = await eventually(async () => {
      const { items } = await client.queryLatest({ body: { signals: [signal.id] } })
      return items[0]?.value === 1450 ? items[0] : undefined
    }, PATIENCE)
    assert.equal(latest.quality, 0)
    const { status } = await client.getConnection({ params: { id } })
    assert.deepEqual([status.state, status.certificates.length], ['running', 0])
  })

  it('is browsed and previewed before anything is stored, and written to', async () => {
    const { client } = platform
    const body = draft([machine.certificate])
    const top = await client.browseConnection({ body })
    const objects = await client.browseConnection({ body: { ...body, node: top.items[0]!.id } })
    assert.ok(objects.items.some(({ name }) => name === 'Machine'))
    const preview = await client.previewConnection({ body: { ...body, seconds: 2, limit: 1 } })
    assert.deepEqual([preview.readings[0]?.metric, preview.readings[0]?.value], ['speed', 1450])
    const { device } = await client.getConnection({ params: { id } })
    const params = { metric: 'speed', value: 900 }
    await client.sendCommand({ params: { id: device }, body: { name: 'write', params } })
    await eventually(async () => (await machine.order('get', 'Speed')) === 900, PATIENCE)
  })

  it('is of a class that a NodeSet2 file tells of', async () => {
    const { client } = platform
    const file = new URL('../../../connectivity/opcua/testcases/pump.NodeSet2.xml', import.meta.url)
    const files = [{ name: 'pump.NodeSet2.xml', content: await readFile(file, 'base64') }]
    const { created } = await client.importNodeSets({ body: { files } })
    assert.deepEqual(created.sort(), ['DriveType', 'PumpType'])
    const { items } = await client.listClasses({})
    const pressure = items.find(({ name }) => name === 'PumpType')?.signals.find(({ name }) => name === 'Pressure')
    assert.deepEqual([pressure?.unit, pressure?.max], ['bar', 16])
  })
})
