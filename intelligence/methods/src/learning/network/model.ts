import { modelFileErrors } from '../../model-file/errors.ts'
import { type ModelData, readModel, writeModel } from '../../model-file/index.ts'

export type Activation = 'relu' | 'tanh'

/** Fully connected: `weights[output * inputs + input]`. */
export interface Layer {
  readonly inputs: number
  readonly outputs: number
  readonly weights: Float64Array
  readonly bias: Float64Array
}

/** A small network over standardised inputs; its outputs are brought back to their units (`value * scale + mean`). */
export interface NetworkModel {
  readonly kind: 'network'
  readonly names: readonly string[]
  readonly outputs: readonly string[]
  readonly activation: Activation
  readonly layers: readonly Layer[]
  readonly inputMean: Float64Array
  readonly inputScale: Float64Array
  readonly outputMean: Float64Array
  readonly outputScale: Float64Array
}

/** One row in, one row out; NaN in, NaN out. No allocation; one runner belongs to one thread. */
export type NetworkRunner = (values: ArrayLike<number>, into: Float64Array) => void

export function networkRunner(model: NetworkModel): NetworkRunner {
  const { layers, activation, inputMean, inputScale, outputMean, outputScale } = model
  const start = new Float64Array(inputMean.length)
  const spaces = layers.map(({ outputs }) => new Float64Array(outputs))
  return (values, into) => {
    for (let at = 0; at < start.length; at++) start[at] = (values[at]! - inputMean[at]!) / inputScale[at]!
    let from = start
    layers.forEach((layer, at) => {
      forward(layer, from, spaces[at]!, at < layers.length - 1 ? activation : undefined)
      from = spaces[at]!
    })
    for (let at = 0; at < into.length; at++) into[at] = from[at]! * outputScale[at]! + outputMean[at]!
  }
}

/** `activation` is undefined for the last layer, which is linear. */
export function forward(layer: Layer, from: Float64Array, into: Float64Array, activation?: Activation): void {
  const { inputs, outputs, weights, bias } = layer
  for (let output = 0; output < outputs; output++) {
    let sum = bias[output]!
    for (let input = 0, at = output * inputs; input < inputs; input++, at++) sum += weights[at]! * from[input]!
    // A relu would turn NaN into 0, and a missing input into a prediction: keep it.
    into[output] = activation === 'tanh' ? Math.tanh(sum) : activation === 'relu' && sum < 0 ? 0 : sum
  }
}

export const writeNetwork = (model: NetworkModel): Uint8Array => writeModel(model as unknown as ModelData)

/** @throws MW-MODEL-0001 when the bytes are damaged or of another kind of model */
export const readNetwork = (bytes: Uint8Array): NetworkModel => checkNetwork(readModel(bytes))

/** For models that hold one within. */
export function checkNetwork(data: unknown): NetworkModel {
  const model = data as NetworkModel | null
  const lists = Array.isArray(model?.names) && Array.isArray(model.outputs) && Array.isArray(model.layers)
  if (model?.kind !== 'network' || !lists || !['relu', 'tanh'].includes(model.activation))
    throw modelFileErrors.unreadable({ reason: 'it is no network' })
  const sizes = [model.names.length, ...model.layers.map((layer) => layer.outputs)]
  const whole =
    sizes.at(-1) === model.outputs.length &&
    model.layers.every(
      ({ inputs, outputs, weights, bias }, at) =>
        inputs === sizes[at] &&
        weights instanceof Float64Array &&
        bias instanceof Float64Array &&
        weights.length === inputs * outputs &&
        bias.length === outputs,
    ) &&
    [model.inputMean, model.inputScale].every((part) => part instanceof Float64Array && part.length === sizes[0]) &&
    [model.outputMean, model.outputScale].every((part) => part instanceof Float64Array && part.length === sizes.at(-1))
  if (!whole) throw modelFileErrors.unreadable({ reason: 'the layers of the network do not fit' })
  return model
}
