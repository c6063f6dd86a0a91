import type { Schema, Values } from '../../components/schema-form/schema.ts'
import type { PlainKey } from '../../messages/index.tsx'

/** What stands beside an uploaded model, as a form: which signals go in, in which order, and what comes out. */
export const manifestSchema = (say: (key: PlainKey) => string): Schema => ({
  type: 'object',
  required: ['inputs', 'outputs'],
  properties: {
    inputs: {
      type: 'array',
      title: say('models.inputs'),
      description: say('models.inputsHelp'),
      ordered: true,
      minItems: 1,
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['signal'],
        properties: {
          signal: { type: 'string', title: say('models.signal'), format: 'signal' },
          unit: { type: 'string', title: say('models.trainedUnit'), maxLength: 40 },
          low: { type: 'number', title: say('models.low') },
          high: { type: 'number', title: say('models.high') },
        },
      },
    },
    window: {
      type: 'integer',
      title: say('models.window'),
      description: say('models.windowHelp'),
      minimum: 1,
      maximum: 10_000,
      default: 1,
      advanced: false,
    },
    outputs: {
      type: 'array',
      title: say('models.outputs'),
      description: say('models.outputsHelp'),
      minItems: 1,
      maxItems: 100,
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', title: say('models.name'), minLength: 1, maxLength: 60 },
          unit: { type: 'string', title: say('models.unit'), maxLength: 40 },
          tensor: { type: 'string', title: say('models.tensor'), maxLength: 200 },
          column: { type: 'integer', title: say('models.column'), minimum: 0, maximum: 100_000 },
        },
      },
    },
  },
})

export const emptyManifest: Values = { inputs: [{}], outputs: [{ name: 'estimate' }] }

/** Where in the form a refusal belongs; `file`: it is about the model itself. */
export function placeOf(sentence: string, manifest: Values): string | 'file' {
  const path = /\bmanifest((?:\/[^/,\s]+)+),/.exec(sentence)?.[1]
  if (path !== undefined) return path
  const rows = (name: string) => (Array.isArray(manifest[name]) ? (manifest[name] as Values[]) : [])
  for (const [, word] of sentence.matchAll(/"([^"]+)"/g)) {
    for (const [list, key] of [
      ['inputs', 'signal'],
      ['outputs', 'name'],
      ['outputs', 'tensor'],
    ] as const) {
      const index = rows(list).findIndex((row) => row[key] === word)
      if (index >= 0) return `/${list}/${index}/${key}`
    }
  }
  if (/\binputs?\b/.test(sentence) && !/\bONNX\b/.test(sentence)) return '/inputs'
  return 'file'
}
