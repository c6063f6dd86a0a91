import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { onnxErrors } from './errors.ts'
import { inspectOnnx, type OnnxFacts } from './inspect.ts'
import { checkManifest, type OnnxManifest } from './manifest.ts'
import { type Opened, openSession } from './session.ts'

export interface ForeignPrediction {
  /** For each output of the manifest, a number for each row. */
  readonly outputs: readonly Float64Array[]
  /** 1 for each row in which an input lies outside of its range in the manifest, or is missing. */
  readonly outside: Uint8Array
}

/** A model that was made elsewhere (scikit-learn, PyTorch, LightGBM…), ready to run on one thread. */
export interface ForeignOnnx {
  readonly facts: OnnxFacts
  /** @param values row-major: rows × window × inputs, oldest reading first. @throws MW-ONNX-0006, -0008 */
  run(values: Float64Array, rows: number): Promise<ForeignPrediction>
}

/** @throws MW-ONNX-0001 to -0008 for whatever cannot be used, each in a sentence; it has run once when it is given back */
export async function openForeignOnnx(bytes: Uint8Array, manifest: OnnxManifest): Promise<ForeignOnnx> {
  checkManifest(manifest)
  const facts = inspectOnnx(bytes)
  const opened = await openSession(bytes)
  const { session } = opened
  const feed = feederOf(opened, manifest)
  const take = takerOf(session, manifest)
  const run = async (values: Float64Array, rows: number): Promise<ForeignPrediction> => {
    const results = await session
      .run(feed(values, rows), [...new Set(take.map(({ name }) => name))])
      .catch((error: Error) => {
        throw onnxErrors.run({ reason: error.message.replaceAll(/\s+/g, ' ').slice(0, 200) })
      })
    return {
      outputs: take.map((each) => each.from(results[each.name]!, rows)),
      outside: outside(values, rows, manifest),
    }
  }
  // Once in the middle of its ranges: what cannot run must be refused now, not when the machine counts on it.
  const { inputs, window = 1 } = manifest
  const middle = inputs.map(({ low, high }) => (low === undefined ? (high ?? 0) : (low + (high ?? low)) / 2))
  await run(
    Float64Array.from({ length: 2 * window * inputs.length }, (_, at) => middle[at % inputs.length]!),
    2,
  )
  return { facts, run }
}

type Feeder = (values: Float64Array, rows: number) => Record<string, Tensor>

function feederOf({ session, TensorOf }: Opened, { inputs, window = 1 }: OnnxManifest): Feeder {
  const wanted = inputs.length * window
  const metadata = session.inputMetadata
  const fault = (reason: string) => onnxErrors.input({ reason })
  const types = metadata.map((each) => {
    if (!each.isTensor) throw fault(`"${each.name}" is no tensor`)
    if (each.type !== 'float32' && each.type !== 'float64')
      throw fault(`"${each.name}" takes ${each.type}, not numbers`)
    return { name: each.name, type: each.type, shape: each.shape }
  })
  if (types.length === 1) {
    const { name, type, shape } = types[0]!
    const dims = shapeFor(shape, inputs.length, window)
    if (dims === undefined)
      throw fault(
        `the model takes ${shown(shape)}, and the manifest names ${inputs.length} inputs${window > 1 ? ` in a window of ${window}` : ''}`,
      )
    return (values, rows) => ({ [name]: tensor(TensorOf, type, values, [rows, ...dims]) })
  }
  if (types.length !== wanted || window !== 1)
    throw fault(`the model takes ${types.length} inputs, and the manifest names ${wanted}`)
  const odd = types.find(({ shape }) => shapeFor(shape, 1, 1) === undefined)
  if (odd !== undefined) throw fault(`"${odd.name}" takes ${shown(odd.shape)}, not one number a row`)
  return (values, rows) =>
    Object.fromEntries(
      types.map(({ name, type, shape }, at) => {
        const column = Float64Array.from({ length: rows }, (_, row) => values[row * wanted + at]!)
        return [name, tensor(TensorOf, type, column, shape.length === 1 ? [rows] : [rows, 1])]
      }),
    )
}

/** What follows the rows in the shape of an input; undefined when it does not fit. */
function shapeFor(shape: readonly (number | string)[], inputs: number, window: number): number[] | undefined {
  const fits = (dim: number | string | undefined, wanted: number) =>
    typeof dim !== 'number' || dim < 0 || dim === wanted
  // A file that was exported with one row alone takes one row alone.
  if (typeof shape[0] === 'number' && shape[0] >= 0) return undefined
  if (shape.length === 1) return inputs * window === 1 ? [] : undefined
  if (shape.length === 2) return fits(shape[1], inputs * window) ? [inputs * window] : undefined
  if (shape.length === 3) return fits(shape[1], window) && fits(shape[2], inputs) ? [window, inputs] : undefined
  return undefined
}

const tensor = (Of: typeof Tensor, type: 'float32' | 'float64', values: Float64Array, dims: number[]): Tensor =>
  type === 'float32' ? new Of('float32', Float32Array.from(values), dims) : new Of('float64', values, dims)

function takerOf(session: InferenceSession, { outputs }: OnnxManifest) {
  const fault = (reason: string) => onnxErrors.output({ reason })
  return outputs.map(({ name: said, tensor: of, column = 0 }) => {
    const found = session.outputMetadata.find(({ name }) => of === undefined || name === of)
    if (found === undefined)
      throw fault(
        `there is no "${of}" for "${said}"; there are ${session.outputMetadata.map(({ name }) => name).join(', ')}`,
      )
    if (!found.isTensor)
      throw fault(
        `"${found.name}" is no tensor but a list of maps; export it without them (in skl2onnx by zipmap=False)`,
      )
    const { name } = found
    return {
      name,
      from({ data, dims }: Tensor, rows: number): Float64Array {
        const columns = data.length / rows
        if (dims[0] !== rows || !(column < columns))
          throw fault(`"${name}" is [${dims.join(', ')}] for ${rows} rows, and has no column ${column} for "${said}"`)
        if (typeof data[0] === 'string') throw fault(`"${name}" holds texts, not numbers`)
        return Float64Array.from({ length: rows }, (_, row) => Number(data[row * columns + column]))
      },
    }
  })
}

function outside(values: Float64Array, rows: number, { inputs, window = 1 }: OnnxManifest): Uint8Array {
  const flags = new Uint8Array(rows)
  const width = inputs.length * window
  for (let at = 0; at < values.length; at++) {
    const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = inputs[at % inputs.length]!
    if (!(values[at]! >= low && values[at]! <= high)) flags[Math.floor(at / width)] = 1
  }
  return flags
}

const shown = (shape: readonly (number | string)[]): string => `[${shape.map((dim) => dim || 'rows').join(', ')}]`
