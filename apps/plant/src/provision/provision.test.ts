import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { LEVELS } from '@millwright/contracts'
import type { Client } from '@millwright/sdk'
import { FLOOR } from '../floor/connections.ts'
import { Plant } from '../plant.ts'
import { FULL_MODELS, FULL_TREE } from './full-tree.ts'
import { provision } from './provision.ts'
import { ProvisionRecord } from './record.ts'
import { RULES } from './rules.ts'
import { CONTROLLERS, MODELS, type PlannedNode, TREE } from './tree.ts'

interface Thing {
  id: string
  name: string
  parent?: string | null
  [more: string]: unknown
}

/** The lists and creations of the API that provisioning uses, in memory, two things a page. */
function api() {
  const kept: Record<string, Thing[]> = { classes: [], nodes: [], devices: [], rules: [] }
  let calls = 0
  const list = (kind: string) => async (input?: { query?: { cursor?: string } }) => {
    const from = Number(input?.query?.cursor ?? 0)
    const next = from + 2 < kept[kind]!.length ? { next: String(from + 2) } : {}
    return { items: kept[kind]!.slice(from, from + 2), ...next }
  }
  const create =
    (kind: string) =>
    async ({ body }: { body: object }) => {
      calls += 1
      const thing = { id: `${kind}-${calls}`, shared: false, ...body } as unknown as Thing
      kept[kind]!.push(thing)
      return thing
    }
  const client = {
    listClasses: list('classes'),
    createClass: create('classes'),
    listAssets: list('nodes'),
    createAsset: create('nodes'),
    listDevices: list('devices'),
    createDevice: create('devices'),
    listRules: list('rules'),
    createRule: create('rules'),
  } as unknown as Client
  return { client, kept }
}

let directory: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millwright-provision-'))
})
after(() => rm(directory, { recursive: true }))
const record = (name: string, platform = 'p') => ProvisionRecord.open(join(directory, name), platform)

test('a second start changes nothing, and what people renamed or deleted stays so', async () => {
  const { client, kept } = api()
  const first = await provision(client, await record('a'))
  assert.equal(first.devices.size, 8)
  assert.equal(first.made, Object.values(kept).flat().length)
  assert.ok(kept['devices']!.every(({ simulated }) => simulated === true))

  kept['nodes']!.find(({ name }) => name === 'P-101')!.name = 'My pump'
  kept['rules'] = kept['rules']!.filter(({ name }) => name !== 'Tool worn')
  kept['devices'] = kept['devices']!.filter(({ name }) => name !== 'AGV-1')
  const before = structuredClone(kept)
  const second = await provision(client, await record('a'))
  assert.equal(second.made, 0)
  assert.deepEqual(kept, before)
  assert.deepEqual(
    [...second.devices.keys()],
    [...first.devices.keys()].filter((name) => name !== 'AGV-1'),
  )
})

test('without its record it finds by name what is there', async () => {
  const { client, kept } = api()
  await provision(client, await record('b'))
  const before = structuredClone(kept)
  const again = await provision(client, await record('c'))
  assert.equal(again.made, 0)
  assert.equal(again.devices.size, 8)
  assert.deepEqual(kept, before)
})

test('a record of another platform does not count', async () => {
  await provision(api().client, await record('d', 'one'))
  const { made } = await provision(api().client, await record('d', 'other'))
  assert.ok(made > 50)
})

/** Names and models of the equipment, each node one level below the one above it. */
function equipmentOf(tree: PlannedNode): Map<string, string | undefined> {
  const equipment = new Map<string, string | undefined>()
  const walk = (node: PlannedNode, above: number) => {
    assert.ok(LEVELS.indexOf(node.level) === above + 1, node.name)
    if (node.level === 'equipment') equipment.set(node.name, node.model)
    for (const child of node.children ?? []) walk(child, above + 1)
  }
  walk(tree, -1)
  return equipment
}

test('the tree goes down the levels, and its equipment are machines of the plant, each with a controller', () => {
  const plant = new Plant({ seed: 1 })
  const equipment = equipmentOf(TREE)
  assert.deepEqual([...equipment.keys()].sort(), Object.values(CONTROLLERS).flat().sort())
  for (const [name, model] of equipment) assert.equal(model, plant.machine(name).model.name)
})

test('the full tree holds all machines, and each is reached by the platform: by its controller or the shop floor', () => {
  const plant = new Plant({ seed: 1 })
  const equipment = equipmentOf(FULL_TREE)
  const all = plant.machines.map(({ name }) => name).sort()
  assert.deepEqual([...equipment.keys()].sort(), all)
  for (const [name, model] of equipment) {
    assert.equal(model, plant.machine(name).model.name)
    assert.ok(FULL_MODELS.some((one) => one.name === model))
  }
  assert.deepEqual([...new Set([...Object.values(CONTROLLERS).flat(), ...Object.values(FLOOR).flat()])].sort(), all)
})

test('machines that only connections reach get no device of their own', async () => {
  const { client, kept } = api()
  const { devices, equipment } = await provision(client, await record('full'), { models: FULL_MODELS, tree: FULL_TREE })
  assert.equal(devices.size, 8)
  assert.ok(equipment.has('TB-1') && !kept['devices']!.some(({ name }) => name === 'TB-1'))
})

test('rules read only signals of their class, and messages only what their condition reads', () => {
  const words = new Set(['avg', 'noData', 'true', 'false'])
  for (const rule of RULES) {
    const known = new Set(MODELS.find(({ name }) => name === rule.model)!.signals.map(({ name }) => name))
    const names = (text: string) =>
      (text.replace(/"[^"]*"/g, '').match(/[a-z_][a-zA-Z_]*/g) ?? []).filter((word) => !words.has(word))
    const read = names(rule.condition)
    for (const name of [...read, ...names(rule.clearCondition ?? '')])
      assert.ok(known.has(name), `${rule.name}: ${name}`)
    for (const [, name] of rule.message.matchAll(/\{(\w+)\}/g))
      assert.ok(read.includes(name!), `${rule.name}: {${name}}`)
  }
})
