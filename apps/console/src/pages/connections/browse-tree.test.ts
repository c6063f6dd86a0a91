import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { BrowseItem } from '../../api/types.ts'
import { linesOf, NOTHING_YET, type Tree } from './browse-tree.ts'
import { groupOf } from './groups.ts'

const item = (id: string, hasChildren = false): BrowseItem => ({
  id,
  name: id,
  kind: hasChildren ? 'folder' : 'variable',
  hasChildren,
})
const tree: Tree = new Map([
  ['', { ...NOTHING_YET, items: [item('Motor', true), item('Pump', true)], next: 'c' }],
  ['Motor', { ...NOTHING_YET, items: [item('Speed'), item('Motor', true)] }],
  ['Pump', { ...NOTHING_YET, items: [item('Speed'), item('Flow')], loading: true }],
])
const drawn = (open: string[], query = '') =>
  linesOf(tree, new Set(open), query).map((line) =>
    line.kind === 'item' ? `${'.'.repeat(line.depth)}${line.item.id}` : `${'.'.repeat(line.depth)}<${line.kind}>`,
  )

it('shows a level only where its item is open, and the way to more of it', () => {
  assert.deepEqual(drawn([]), ['Motor', 'Pump', '<more>'])
  assert.deepEqual(drawn(['Pump']), ['Motor', 'Pump', '.Speed', '.Flow', '.<loading>', '<more>'])
})

it('does not run in circles', () => {
  assert.deepEqual(drawn(['Motor']), ['Motor', '.Speed', '.Motor', 'Pump', '<more>'])
})

it('searches everything that is loaded, open or not, each once', () => {
  assert.deepEqual(drawn([], 'speed'), ['Speed'])
  assert.deepEqual(drawn([], 'nothing'), [])
})

it('finds a place for every protocol, also for one that is not known yet', () => {
  assert.equal(groupOf({ id: 'opcua', direction: 'polls' }), 'machines')
  assert.equal(groupOf({ id: 'opcua-server', direction: 'sends' }), 'sinks')
  assert.equal(groupOf({ id: 'mqtt-source', direction: 'polls' }), 'brokers')
  assert.equal(groupOf({ id: 'bacnet', direction: 'polls' }), 'machines')
})
