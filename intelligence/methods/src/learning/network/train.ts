import type { Progress } from '../../progress.ts'
import { learningErrors } from '../errors.ts'
import { columnMoments, completeRows } from '../pca/covariance.ts'
import { gaussian, type Random, seeded, shuffled } from '../random.ts'
import { checkTable, listed, type Table } from '../table.ts'
import { Adam } from './adam.ts'
import { type Activation, forward, type Layer, type NetworkModel } from './model.ts'

export interface NetworkSettings {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[]
  readonly activation: Activation
  /** Passes over the rows at most. */
  readonly epochs: number
  readonly batch: number
  readonly learningRate: number
  readonly decay: number
  /** With validation rows: epochs without improvement after which training stops; the best weights are kept. */
  readonly patience: number
  readonly seed: number
}

export const networkDefaults: NetworkSettings = {
  hidden: [32, 16],
  activation: 'relu',
  epochs: 100,
  batch: 32,
  learningRate: 1e-3,
  decay: 1e-4,
  patience: 10,
  seed: 1,
}

export interface NetworkTraining {
  /** Rows that are not learned from, by which training stops early: choose them by time or machine. */
  readonly validation?: ArrayLike<number>
  readonly progress?: Progress
}

export interface NetworkReport {
  readonly rows: number
  /** Rows in which an input or a target was missing. */
  readonly rowsLeftOut: number
  readonly constantInputs: readonly string[]
  readonly epochs: number
  /** Mean squared error of the standardised outputs. */
  readonly loss: number
  readonly validationLoss?: number
}

/**
 * A fully connected network for regression, one output for each target column, by back-propagation in small batches. An autoencoder is one
 * whose targets are its inputs, with a narrow layer between.
 * @throws MW-LEARN-0001, -0002, -0004, -0005, -0007
 */
export function trainNetwork(
  table: Table,
  targets: Table,
  given: Partial<NetworkSettings> = {},
  { validation = [], progress }: NetworkTraining = {},
): { readonly model: NetworkModel; readonly report: NetworkReport } {
  const settings = { ...networkDefaults, ...given }
  checkSettings(settings)
  checkTable(table, targets.columns[0])
  checkTable(targets)
  const columns = [...table.columns, ...targets.columns]
  const complete = completeRows({ names: [], columns })
  const held = new Set<number>(Array.from(validation))
  const train = complete.filter((row) => !held.has(row))
  const check = complete.filter((row) => held.has(row))
  if (train.length < 3) throw learningErrors.tooFewRows({ rows: train.length, least: 3 })
  const from = columnMoments(table.columns, train)
  const to = columnMoments(targets.columns, train)
  const constant = table.names.filter((_, at) => from.deviation[at] === 0)
  if (constant.length === table.names.length) throw learningErrors.nothingVaries({ inputs: listed(table.names) })
  if (to.deviation.every((each) => each === 0)) throw learningErrors.constantTarget({ value: to.mean[0]! })
  const ones = (deviation: Float64Array) => deviation.map((each) => each || 1)
  const frame = {
    inputMean: from.mean,
    inputScale: ones(from.deviation),
    outputMean: to.mean,
    outputScale: ones(to.deviation),
  }
  const random = seeded(settings.seed)
  const layers = initial([table.names.length, ...settings.hidden, targets.names.length], settings.activation, random)
  const inputs = standardised(table.columns, frame.inputMean, frame.inputScale)
  const outputs = standardised(targets.columns, frame.outputMean, frame.outputScale)
  const fitted = fit(layers, inputs, outputs, train, check, settings, random, progress)
  const { activation } = settings
  const model: NetworkModel = {
    kind: 'network',
    names: [...table.names],
    outputs: [...targets.names],
    activation,
    layers: fitted.layers,
    ...frame,
  }
  const rowsLeftOut = columns[0]!.length - complete.length
  return { model, report: { rows: train.length, rowsLeftOut, constantInputs: constant, ...fitted.report } }
}

function fit(
  layers: Layer[],
  inputs: Float64Array[],
  outputs: Float64Array[],
  train: Int32Array,
  check: Int32Array,
  settings: NetworkSettings,
  random: Random,
  progress: Progress | undefined,
) {
  const { activation, epochs, batch, learningRate, decay, patience } = settings
  const step = backPropagation(layers, activation)
  const optimisers = layers.map(({ weights, bias }) => [new Adam(weights.length), new Adam(bias.length)] as const)
  let best = { loss: Number.POSITIVE_INFINITY, epoch: 0, layers: copied(layers) }
  let loss = 0
  let epoch = 0
  while (epoch < epochs && (check.length === 0 || epoch - best.epoch < patience)) {
    loss = 0
    const order = shuffled(train.length, random)
    for (let first = 0; first < order.length; first += batch) {
      const end = Math.min(order.length, first + batch)
      step.clear()
      for (let at = first; at < end; at++)
        loss += step.row(inputs[train[order[at]!]!]!, outputs[train[order[at]!]!]!, end - first)
      layers.forEach((layer, at) => {
        optimisers[at]![0].update(layer.weights, step.weights[at]!, learningRate, decay)
        optimisers[at]![1].update(layer.bias, step.bias[at]!, learningRate, 0)
      })
    }
    loss /= train.length
    epoch++
    if (check.length > 0) {
      let now = 0
      for (const row of check) now += step.loss(inputs[row]!, outputs[row]!) / check.length
      if (now < best.loss) best = { loss: now, epoch, layers: copied(layers) }
    }
    progress?.(epoch / epochs, `epoch ${epoch} of at most ${epochs}`)
  }
  if (check.length === 0) return { layers, report: { epochs: epoch, loss } }
  return { layers: best.layers, report: { epochs: best.epoch, loss, validationLoss: best.loss } }
}

/** Gradients of the mean squared error over a batch, added up row by row. */
function backPropagation(layers: readonly Layer[], activation: Activation) {
  const values = layers.map(({ outputs }) => new Float64Array(outputs))
  const errors = layers.map(({ outputs }) => new Float64Array(outputs))
  const weights = layers.map((layer) => new Float64Array(layer.weights.length))
  const bias = layers.map((layer) => new Float64Array(layer.bias.length))
  const last = layers.length - 1
  const loss = (input: Float64Array, target: Float64Array): number => {
    layers.forEach((layer, at) => {
      forward(layer, at === 0 ? input : values[at - 1]!, values[at]!, at < last ? activation : undefined)
    })
    let sum = 0
    for (let output = 0; output < target.length; output++) sum += (values[last]![output]! - target[output]!) ** 2
    return sum / target.length
  }
  return {
    weights,
    bias,
    loss,
    clear() {
      for (const part of [...weights, ...bias]) part.fill(0)
    },
    row(input: Float64Array, target: Float64Array, rows: number): number {
      const sum = loss(input, target)
      const factor = 2 / (target.length * rows)
      for (let output = 0; output < target.length; output++)
        errors[last]![output] = factor * (values[last]![output]! - target[output]!)
      for (let at = last; at >= 0; at--) backward(at, at === 0 ? input : values[at - 1]!)
      return sum
    },
  }

  function backward(at: number, from: Float64Array): void {
    const layer = layers[at]!
    const before = at === 0 ? undefined : errors[at - 1]!
    before?.fill(0)
    for (let output = 0; output < layer.outputs; output++) {
      const error = errors[at]![output]!
      if (error === 0) continue
      bias[at]![output]! += error
      const base = output * layer.inputs
      const gradient = weights[at]!
      for (let input = 0; input < layer.inputs; input++) gradient[base + input]! += error * from[input]!
      if (before !== undefined)
        for (let input = 0; input < layer.inputs; input++) before[input]! += error * layer.weights[base + input]!
    }
    if (before !== undefined)
      for (let input = 0; input < before.length; input++)
        before[input]! *= activation === 'tanh' ? 1 - from[input]! ** 2 : from[input]! > 0 ? 1 : 0
  }
}

/** He (2015) for relu, Glorot and Bengio (2010) for tanh. */
function initial(sizes: readonly number[], activation: Activation, random: Random): Layer[] {
  return sizes.slice(1).map((outputs, at) => {
    const inputs = sizes[at]!
    const deviation = Math.sqrt(activation === 'relu' ? 2 / inputs : 2 / (inputs + outputs))
    const weights = Float64Array.from({ length: inputs * outputs }, () => deviation * gaussian(random))
    return { inputs, outputs, weights, bias: new Float64Array(outputs) }
  })
}

function standardised(columns: readonly Float64Array[], mean: Float64Array, scale: Float64Array): Float64Array[] {
  return Array.from(columns[0]!, (_, row) =>
    Float64Array.from(columns, (column, at) => (column[row]! - mean[at]!) / scale[at]!),
  )
}

const copied = (layers: readonly Layer[]): Layer[] =>
  layers.map((layer) => ({ ...layer, weights: layer.weights.slice(), bias: layer.bias.slice() }))

function checkSettings({ hidden, epochs, batch, learningRate }: NetworkSettings): void {
  const whole = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most
  const fault = (name: string, value: number | string, reason: string) =>
    learningErrors.setting({ name, value, reason })
  if (hidden.length > 8 || !hidden.every((units) => whole(units, 4096)))
    throw fault('hidden', hidden.join(', '), 'at most 8 layers of 1 to 4096 units')
  if (!whole(epochs, 100_000)) throw fault('epochs', epochs, 'it is a whole number from 1 to 100000')
  if (!whole(batch, 65_536)) throw fault('batch', batch, 'it is a whole number from 1 to 65536')
  if (!(learningRate > 0 && learningRate <= 1))
    throw fault('learningRate', learningRate, 'it lies above 0 and is at most 1')
}
