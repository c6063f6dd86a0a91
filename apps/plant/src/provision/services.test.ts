import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Client } from '@millwright/sdk'
import { ProvisionRecord } from './record.ts'
import { provisionServices, SERVICES } from './services.ts'

interface Service {
  readonly id: string
  readonly name: string
  readonly equipment: string
  readonly kind: string
  readonly settings: object
  liveVersion: number | null
}

/** The part of the API that is used, in memory: signals come after some looks, a training is over after some more. */
function api({ signalsAfter = 0, readyAfter = 2, fails = 0 } = {}) {
  const services: Service[] = []
  const versions: { number: number; state: string }[] = []
  const calls: string[] = []
  let looks = 0
  const client = {
    async listServices() {
      return { items: services }
    },
    async createService({ body }: { body: Omit<Service, 'id' | 'liveVersion'> }) {
      if (++looks <= signalsAfter) throw Object.assign(new Error('no such signal'), { status: 422 })
      calls.push('create')
      const made = { ...body, id: `svc-${services.length}`, liveVersion: null }
      services.push(made)
      return made
    },
    async getService({ params }: { params: { id: string } }) {
      return services.find(({ id }) => id === params.id)
    },
    async listServiceVersions() {
      const newest = versions.at(-1)
      if (newest?.state === 'running' && ++looks > readyAfter)
        newest.state = versions.length <= fails ? 'failed' : 'ready'
      return { items: newest === undefined ? [] : [newest] }
    },
    async checkReadiness() {
      return { level: ++looks < 3 ? 'missing' : 'advice' }
    },
    async trainService() {
      calls.push('train')
      looks = 0
      versions.push({ number: versions.length + 1, state: 'running' })
    },
    async publishService() {
      calls.push('publish')
      services[0]!.liveVersion = versions.length
    },
  } as unknown as Client
  return { client, services, calls }
}

let directory: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millwright-plant-services-'))
})
after(() => rm(directory, { recursive: true }))
const record = (name: string) => ProvisionRecord.open(join(directory, name), 'p')
const equipment = new Map([['P-101', 'ast-1']])
const go = async () => true
const one = SERVICES.slice(0, 1)

test('a service waits for its signals and readings, is trained, published, and then left alone', async () => {
  const { client, services, calls } = api({ signalsAfter: 3 })
  assert.deepEqual(await provisionServices(client, await record('a'), equipment, go, one), [one[0]!.name])
  assert.deepEqual(calls, ['create', 'train', 'publish'])
  services[0]!.liveVersion = null
  assert.deepEqual(await provisionServices(client, await record('a'), equipment, go, one), [])
  services.length = 0
  assert.deepEqual(await provisionServices(client, await record('a'), equipment, go, one), [])
  assert.equal(calls.length, 3, 'what people stopped or removed stays so')
})

test('a plant that ended in between goes on where it was', async () => {
  const { client, calls } = api({ readyAfter: 5 })
  let pauses = 0
  assert.deepEqual(await provisionServices(client, await record('b'), equipment, async () => ++pauses < 4, one), [])
  assert.deepEqual(calls, ['create', 'train'])
  assert.deepEqual(await provisionServices(client, await record('b'), equipment, go, one), [one[0]!.name])
  assert.deepEqual(calls, ['create', 'train', 'publish'])
})

test('a training that fails is tried again, not for ever', async () => {
  const once = api({ fails: 1 })
  assert.equal((await provisionServices(once.client, await record('c'), equipment, go, one)).length, 1)
  const ever = api({ fails: 99 })
  assert.deepEqual(await provisionServices(ever.client, await record('d'), equipment, go, one), [])
  assert.ok(ever.calls.length < 10 && !ever.calls.includes('publish'))
})

test('without its machine there is no service', async () => {
  const { client, calls } = api()
  assert.deepEqual(await provisionServices(client, await record('e'), new Map(), go, one), [])
  assert.deepEqual(calls, [])
})
