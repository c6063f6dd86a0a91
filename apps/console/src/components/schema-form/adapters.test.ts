import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as brokers from '@millwright/connectivity-brokers'
import * as can from '@millwright/connectivity-can'
import * as files from '@millwright/connectivity-files'
import * as influx from '@millwright/connectivity-influx'
import * as lines from '@millwright/connectivity-lines'
import * as modbus from '@millwright/connectivity-modbus'
import * as opcua from '@millwright/connectivity-opcua'
import * as prometheus from '@millwright/connectivity-prometheus'
import * as scpi from '@millwright/connectivity-scpi'
import * as sparkplug from '@millwright/connectivity-sparkplug'
import { faultsOf } from './faults.ts'
import { fieldOf, type Schema, type Values } from './schema.ts'
import { fresh } from './values.ts'

interface Adapter {
  readonly manifest: { readonly id: string }
  readonly configSchema: unknown
}

const doors = [brokers, can, files, influx, lines, modbus, opcua, prometheus, scpi, sparkplug]
const adapters = doors
  .flatMap((door) => Object.values(door) as unknown[])
  .filter(
    (one): one is Adapter => typeof one === 'object' && one !== null && 'configSchema' in one && 'manifest' in one,
  )

/** Every field of a schema with its path, ways of unions and items of lists included. */
function* fields(schema: Schema, path: string): Generator<{ path: string; schema: Schema }> {
  const field = fieldOf(schema)
  yield { path, schema }
  if (field.kind === 'branches') for (const way of field.branches) yield* fields(way.schema, `${path}[${way.value}]`)
  else if (field.kind === 'rows') yield* fields(field.items, `${path}/*`)
  else if (field.kind === 'object')
    for (const [name, part] of Object.entries(field.schema.properties ?? {})) yield* fields(part, `${path}/${name}`)
}

describe("the adapters' own settings", () => {
  it('are all here', () => assert.ok(adapters.length >= 10, String(adapters.length)))

  for (const { manifest, configSchema } of adapters) {
    const schema = configSchema as Schema

    it(`${manifest.id}: are asked for by fields, none as JSON`, () => {
      const raw = [...fields(schema, '')].filter((one) => fieldOf(one.schema).kind === 'json').map(({ path }) => path)
      assert.deepEqual(raw, [])
    })

    it(`${manifest.id}: have patterns that a browser understands`, () => {
      for (const { path, schema: one } of fields(schema, '')) {
        if (one.pattern !== undefined) assert.doesNotThrow(() => new RegExp(one.pattern!, 'u'), path)
      }
    })

    it(`${manifest.id}: start with what says no more than what is missing`, () => {
      const faults = faultsOf(schema, fresh(schema) as Values, new Set())
      assert.deepEqual(
        [...faults].filter(([, { what }]) => what !== 'missing' && what !== 'few'),
        [],
      )
    })
  }
})
