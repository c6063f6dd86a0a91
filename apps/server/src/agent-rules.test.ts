import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Rule } from '@millwright/contracts'
import { newId } from '@millwright/foundation'
import { type AgentRuleSources, agentRules } from './agent-rules.ts'

const tenant = newId('ten')
const ovens = newId('cls')
const [one, two] = [newId('ast'), newId('ast')]
const [near, far] = [newId('dev'), newId('dev')]

const rule = (changes: Partial<Rule>): Rule => ({
  id: newId('rul'),
  tenant,
  name: 'Too hot',
  description: '',
  equipmentClass: null,
  equipment: one,
  condition: 'heat > 80.0',
  clearCondition: null,
  onDelay: 0,
  offDelay: 0,
  priority: 'high',
  latching: false,
  message: '',
  response: '',
  enabled: true,
  fault: 'something',
  faultSince: 5,
  watches: 3,
  createdAt: 1,
  version: 1,
  ...changes,
})

/** Oven one: heat and fan at the near device; oven two: heat at the near one, fan at the far one. */
const held: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [one]: { heat: near, fan: near },
  [two]: { heat: near, fan: far },
}

const sourcesOf = (rules: readonly Rule[]) =>
  ({
    rules: {
      list: async (_actor: unknown, { cursor = '0' }: { cursor?: string }) => ({
        items: rules.slice(Number(cursor), Number(cursor) + 1),
        ...(Number(cursor) + 1 < rules.length ? { next: String(Number(cursor) + 1) } : {}),
      }),
    },
    catalogue: {
      ofEquipment: (node: string) =>
        new Map(Object.entries(held[node] ?? {}).map(([name, device]) => [name, { name, device }])),
    },
    tree: {
      get: (id: string) => ({ name: id === one ? 'Oven 1' : 'Oven 2' }),
      *ofClass(of: string, equipmentClass: string) {
        if (of === tenant && equipmentClass === ovens) yield* [{ id: one }, { id: two }]
      },
    },
  }) as unknown as AgentRuleSources

test('an agent runs the rules whose signals are all its own, for each machine of a class', async () => {
  const hot = rule({})
  const fan = rule({ name: 'No air', equipment: null, equipmentClass: ovens, condition: 'heat > 80.0 && fan < 1.0' })
  const off = rule({ enabled: false })
  const wrong = rule({ condition: 'heat >' })
  const elsewhere = rule({ equipment: two, condition: 'fan < 1.0' })
  const found = await agentRules(sourcesOf([hot, fan, off, wrong, elsewhere])).watching(tenant, new Set([near]))
  assert.deepEqual(
    found.map(({ id, name, signals }) => [id, name, signals]),
    [
      [hot.id, 'Too hot', { heat: { device: near, name: 'heat' } }],
      [fan.id, 'No air: Oven 1', { heat: { device: near, name: 'heat' }, fan: { device: near, name: 'fan' } }],
    ],
  )
  // What a rule is doing now is no part of what an agent is to do.
  const { fault, watches, faultSince } = found[0]!.rule as Rule
  assert.deepEqual([fault, watches, faultSince], [null, 0, undefined])
})
