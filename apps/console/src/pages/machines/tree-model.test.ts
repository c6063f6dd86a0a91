import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Alarm, Asset, Device } from '../../api/types.ts'
import { fleetRows } from './fleet-rows.ts'
import { summaries } from './node-summary.ts'
import { levelsBelow, openAtFirst, treeRows } from './tree-model.ts'

const node = (id: string, parent: Asset | undefined, name = id, level: Asset['level'] = 'area'): Asset =>
  ({
    id,
    name,
    level,
    description: '',
    equipmentClass: null,
    parent: parent?.id ?? null,
    path: [...(parent?.path ?? []), id],
  }) as unknown as Asset
const plant = node('plant', undefined, 'Plant', 'site')
const hall = node('hall', plant, 'Hall')
const p10 = node('p10', hall, 'Pump 10', 'equipment')
const p9 = node('p9', hall, 'Pump 9', 'equipment')
const yard = node('yard', plant, 'Yard')
const tree = [plant, hall, p10, p9, yard]
const names = (open: string[], query = '') =>
  treeRows(tree, new Set(open), query).map((row) => `${' '.repeat(row.depth)}${row.node.name}`)

describe('tree', () => {
  it('shows what is open, by name, with numbers in their order', () => {
    assert.deepEqual(names([]), ['Plant'])
    assert.deepEqual(names(['plant', 'hall']), ['Plant', ' Hall', '  Pump 9', '  Pump 10', ' Yard'])
  })

  it('opens the way to what is searched for, and marks what only stands above it', () => {
    assert.deepEqual(names([], 'pump 9'), ['Plant', ' Hall', '  Pump 9'])
    assert.deepEqual(
      treeRows(tree, new Set(), 'pump 9').map((row) => row.hit),
      [false, false, true],
    )
    assert.deepEqual(names([], 'nothing'), [])
  })

  it('puts nodes whose parent the viewer may not see at the top', () => {
    assert.deepEqual(
      treeRows([p9, p10], new Set(), '').map((row) => row.depth),
      [0, 0],
    )
  })

  it('opens at first as many layers as fit on a screen', () => {
    assert.deepEqual([...openAtFirst(tree)], ['plant', 'hall', 'yard'])
    assert.deepEqual([...openAtFirst(tree, 2)], [])
  })

  it('holds lower levels below higher ones (ISA-95)', () => {
    assert.deepEqual(levelsBelow('line'), ['cell', 'equipment'])
    assert.deepEqual(levelsBelow('equipment'), ['equipment'])
    assert.equal(levelsBelow(undefined)[0], 'enterprise')
  })
})

describe('summaries', () => {
  const alarms = [{ equipment: 'p9', priority: 'high', state: 'acknowledged' }] as Alarm[]
  const devices = [
    { equipment: 'p9', connection: { state: 'offline', lastMessageAt: 5 } },
    { equipment: 'p9', connection: { state: 'online', lastMessageAt: 9 } },
    { equipment: null, connection: { state: 'offline' } },
  ] as unknown as Device[]

  it('count at a node and all that stand above it', () => {
    const found = summaries(tree, alarms, devices)
    for (const id of ['p9', 'hall', 'plant']) {
      assert.equal(found.get(id)?.load.high, 1, id)
      assert.equal(found.get(id)?.offline, 1, id)
    }
    assert.equal(found.has('yard'), false)
  })

  it('make the rows of the fleet: the worst of alarms and devices, the newest of messages', () => {
    const [ten, nine] = fleetRows(tree, [], alarms, devices)
    assert.equal(ten?.worst, undefined)
    assert.equal(nine?.worst, 'high')
    assert.equal(nine?.waiting, false)
    assert.equal(nine?.where, 'Plant / Hall')
    assert.equal(nine?.device?.connection.state, 'offline')
    assert.equal(nine?.lastMessageAt, 9)
  })
})
