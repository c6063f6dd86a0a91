import { unitConversion } from '@millwright/foundation'
import { ONNX_LIMIT, type OnnxManifest, openForeignOnnx } from '@millwright/methods/learning'
import { readModel, writeModel } from '@millwright/methods/model-file'
import { GridRows } from '../../scoring/grid-rows.ts'
import type { CheckedModel, KindWork, Plan, Scorer, Scores } from '../kind.ts'
import { reportOf } from '../report.ts'
import { readManifest } from './manifest.ts'
import { modelSettings } from './settings.ts'

/** Rows given to a model at a time: recomputing the past must not hold all of it in tensors. */
const ROWS_AT_ONCE = 2000

export const modelWork: KindWork = {
  async check(onnx, given, settings): Promise<CheckedModel> {
    if (onnx.length > ONNX_LIMIT)
      throw new Error(`The model has ${onnx.length} bytes, and at most ${ONNX_LIMIT} can be run.`)
    const manifest = readManifest(given)
    const { facts } = await openForeignOnnx(onnx, manifest)
    const ranged = manifest.inputs.filter(({ low, high }) => low !== undefined && high !== undefined)
    return {
      model: writeModel({ kind: 'onnx', manifest: JSON.stringify(manifest), onnx }),
      inputs: manifest.inputs.map(({ signal, unit }) => ({ name: signal, unit })),
      step: modelSettings(settings).step * 1_000_000,
      settings: { manifest },
      report: reportOf({
        summary: `A model${facts.producer === '' ? '' : ` of ${facts.producer}`} with ${manifest.inputs.length} inputs and ${manifest.outputs.length} outputs. It was loaded and run once.`,
        used: manifest.inputs.map(({ signal, low, high }) => ({
          name: signal,
          rows: 0,
          ...(low === undefined || high === undefined ? {} : { note: `${low} to ${high} in training` }),
        })),
        notes:
          ranged.length === manifest.inputs.length
            ? []
            : [
                'The manifest does not say for all inputs what range they had in training (low, high): outside of it the model cannot be told to be out of its depth.',
              ],
        details: { facts },
      }),
    }
  },

  async scorer(bytes, { plan }) {
    const { manifest, onnx } = stored(bytes)
    return scorerOf(await openForeignOnnx(onnx, manifest), manifest, plan)
  },
}

function stored(bytes: Uint8Array): { manifest: OnnxManifest; onnx: Uint8Array } {
  const { kind, manifest, onnx } = readModel(bytes) as Record<string, unknown>
  if (kind !== 'onnx' || typeof manifest !== 'string' || !(onnx instanceof Uint8Array))
    throw new Error('The stored model is none that was uploaded.')
  return { manifest: readManifest(JSON.parse(manifest)), onnx }
}

type Model = Awaited<ReturnType<typeof openForeignOnnx>>

function scorerOf(model: Model, manifest: OnnxManifest, plan: Plan): Scorer {
  const grid = new GridRows(plan)
  const width = manifest.inputs.length
  const window = manifest.window ?? 1
  const convert = manifest.inputs.map(({ unit }, i) => conversion(plan.inputs[i]!, unit))
  const outside = manifest.outputs.length
  /** The rows that the next one is looked at together with, oldest first. */
  const held: Float64Array[] = []
  let last = 0

  async function score(times: Float64Array, values: Float64Array): Promise<Scores['rows']> {
    const predicted = await model.run(values, times.length)
    const rows: Scores['rows'][number][] = []
    for (const [row, time] of times.entries()) {
      const from = row * window * width
      const missing = values.subarray(from, from + window * width).some(Number.isNaN)
      for (const [output, column] of predicted.outputs.entries())
        rows.push({ output, time, value: missing ? Number.NaN : column[row]! })
      rows.push({ output: outside, time, value: predicted.outside[row]! })
    }
    return rows
  }

  return {
    async take(arrivals) {
      const { times, columns } = grid.take(arrivals)
      const ready: { time: number; values: Float64Array[] }[] = []
      for (const [row, time] of times.entries()) {
        // A window has no hole: what was before one is forgotten.
        if (time - last > (plan.step ?? 0) * 1.5) held.length = 0
        last = time
        held.push(Float64Array.from(columns, (column, i) => convert[i]!(column[row]!)))
        if (held.length > window) held.shift()
        if (held.length === window) ready.push({ time, values: [...held] })
      }
      const rows: Scores['rows'][number][] = []
      for (let at = 0; at < ready.length; at += ROWS_AT_ONCE) {
        const some = ready.slice(at, at + ROWS_AT_ONCE)
        const values = new Float64Array(some.length * window * width)
        for (const [i, each] of some.entries())
          for (const [k, row] of each.values.entries()) values.set(row, (i * window + k) * width)
        const told = await score(
          Float64Array.from(some, ({ time }) => time),
          values,
        )
        for (const row of told) rows.push(row)
      }
      return { rows, episodes: [] }
    },
  }
}

/** From the signal's unit to the one that the model was trained in. */
function conversion({ name, unit }: Plan['inputs'][number], wanted: string | undefined): (value: number) => number {
  if (wanted === undefined || wanted === unit) return (value) => value
  const found = unitConversion(unit, wanted)
  if (found === undefined) throw new Error(`${name} is in ${unit}, and the model takes ${wanted}.`)
  return (value) => value * found.scale + found.offset
}
