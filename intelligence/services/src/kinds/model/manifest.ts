import { Key, Strict } from '@millwright/contracts'
import { checkManifest, type OnnxManifest } from '@millwright/methods/learning'
import { Type } from 'typebox'
import type { Settings } from '../kind.ts'
import { schemaFault } from '../schema-fault.ts'

const Unit = Type.Optional(Type.String({ maxLength: 40 }))

/** What stands beside an uploaded model, as people write it. */
const Manifest = Strict({
  inputs: Type.Array(
    Strict({ signal: Key, unit: Unit, low: Type.Optional(Type.Number()), high: Type.Optional(Type.Number()) }),
    { minItems: 1, maxItems: 1000 },
  ),
  window: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  outputs: Type.Array(
    Strict({
      name: Type.String({ minLength: 1, maxLength: 60, pattern: '^[^\\u0000-\\u001f\\u007f{}"]+$' }),
      unit: Unit,
      tensor: Type.Optional(Type.String({ maxLength: 200 })),
      column: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    }),
    { minItems: 1, maxItems: 100 },
  ),
})

/** @throws an error that says what is wrong and where */
export function readManifest(given: unknown): OnnxManifest {
  const fault = schemaFault(Manifest, given)
  if (fault !== undefined)
    throw new Error(`The manifest cannot be used: in ${['manifest', ...fault.path].join('/')}, ${fault.reason}`)
  const manifest = given as OnnxManifest
  checkManifest(manifest)
  const taken = manifest.outputs.find(({ name }) => name === OUTSIDE)
  if (taken !== undefined)
    throw new Error(`The manifest cannot be used: the output "${OUTSIDE}" is written by the platform.`)
  return manifest
}

/** The output that every model has. */
export const OUTSIDE = 'outside'

/** The manifest among a version's settings: it is put there when the model is uploaded. */
export const manifestOf = (settings: Settings): OnnxManifest | undefined =>
  settings['manifest'] as OnnxManifest | undefined
