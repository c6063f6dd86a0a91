import assert from 'node:assert/strict'
import { it } from 'node:test'
import * as contracts from '@millwright/contracts'
import * as lists from './lists.ts'

it("are the contracts' own, in their order", () => {
  for (const [name, values] of Object.entries(lists)) {
    assert.deepEqual(values, (contracts as unknown as Record<string, unknown>)[name], name)
  }
})
