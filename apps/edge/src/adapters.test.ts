import assert from 'node:assert/strict'
import { it } from 'node:test'
import { AdapterShelf, edgeAdapters } from './adapters.ts'

it('has every protocol it names, under its own id, made for the edge', async () => {
  const shelf = new AdapterShelf()
  for (const id of edgeAdapters) {
    await shelf.load(id)
    assert.equal(shelf.get(id)?.manifest.id, id)
  }
  await shelf.load('no-such-protocol')
  assert.equal(shelf.get('no-such-protocol'), undefined)
})
