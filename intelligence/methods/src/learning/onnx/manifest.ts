import { onnxErrors } from './errors.ts'

/** What stands beside an ONNX model that was made elsewhere: which signals go in, and what comes out. */
export interface OnnxManifest {
  /** In the order of the model's columns. */
  readonly inputs: readonly {
    readonly signal: string
    /** UCUM code of the unit it was trained in. */
    readonly unit?: string
    /** Range in training: outside of it, a prediction says so. */
    readonly low?: number
    readonly high?: number
  }[]
  /** Readings of each input that the model takes together, oldest first; 1 without it. */
  readonly window?: number
  readonly outputs: readonly {
    /** Name of the signal that is written. */
    readonly name: string
    readonly unit?: string
    /** Name of the tensor in the file; without it, the first output. */
    readonly tensor?: string
    /** Column of that tensor, from 0. */
    readonly column?: number
  }[]
}

const INPUTS = 1000
const WINDOW = 10_000

/** @throws MW-ONNX-0007 */
export function checkManifest({ inputs, window = 1, outputs }: OnnxManifest): void {
  const fault = (reason: string) => onnxErrors.manifest({ reason })
  if (inputs.length < 1 || inputs.length > INPUTS)
    throw fault(`it names ${inputs.length} inputs, where 1 to ${INPUTS} can be`)
  if (outputs.length < 1 || outputs.length > 100)
    throw fault(`it names ${outputs.length} outputs, where 1 to 100 can be`)
  if (!Number.isInteger(window) || window < 1 || window * inputs.length > WINDOW)
    throw fault(`its window is ${window}; it is a whole number from 1, and by the number of inputs at most ${WINDOW}`)
  const twice = (names: readonly string[]) => names.find((name, at) => names.indexOf(name) !== at)
  const again = twice(inputs.map(({ signal }) => signal)) ?? twice(outputs.map(({ name }) => name))
  if (again !== undefined) throw fault(`it names "${again}" twice`)
  for (const { signal, low, high } of inputs)
    if (low !== undefined && high !== undefined && !(low <= high))
      throw fault(`the range of "${signal}" ends before it begins`)
}
