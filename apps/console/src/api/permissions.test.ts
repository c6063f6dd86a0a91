import assert from 'node:assert/strict'
import { it } from 'node:test'
import { allowed } from './permissions.ts'

const permissions = { ast_site: ['asset:read', 'asset:write'], ast_other: ['alarm:read'] } as const
const held = permissions as unknown as Parameters<typeof allowed>[0]

it('lets a grant reach everything below its node, and nothing beside it', () => {
  assert.equal(allowed(held, 'asset:write', ['ast_root', 'ast_site', 'ast_pump']), true)
  assert.equal(allowed(held, 'asset:write', ['ast_root', 'ast_other']), false)
  assert.equal(allowed(held, 'asset:write', []), false)
})

it('shows a page to whoever may use it anywhere', () => {
  assert.equal(allowed(held, 'alarm:read'), true)
  assert.equal(allowed(held, 'user:read'), false)
  assert.equal(allowed({ '*': ['user:read'] }, 'user:read', ['ast_root']), true)
})
