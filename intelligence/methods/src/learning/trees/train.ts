import type { Progress } from '../../progress.ts'
import { learningErrors } from '../errors.ts'
import { type Random, sampled, seeded } from '../random.ts'
import { checkTable, listed, type Table } from '../table.ts'
import { type Binned, binned } from './bins.ts'
import { type GrowRules, type Leaf, TreeGrower } from './grow.ts'
import { packing } from './histogram.ts'
import { type Loss, lossOf, weightedQuantile } from './loss.ts'
import type { TreeModel } from './model.ts'
import { NodeList } from './nodes.ts'
import { checkTreeSettings, type TreeSettings, type TreeTask, treeDefaults } from './settings.ts'

export interface TreeTraining {
  /** Weight of each row, > 0; for example the inverse of its class' share (`balancedWeights`). */
  readonly weights?: Float64Array
  /** Rows that are not learned from, by which training stops early: choose them by time or machine. */
  readonly validation?: ArrayLike<number>
  readonly progress?: Progress
}

export interface TreeReport {
  readonly rows: number
  /** Rows whose target is missing. */
  readonly rowsLeftOut: number
  /** Inputs that are constant or missing throughout, and so are in no tree. */
  readonly inputsLeftOut: readonly string[]
  readonly rounds: number
  /** Mean loss on the validation rows after the rounds that were kept; only with validation rows. */
  readonly validationLoss?: number
  /** Share of the total gain that each input brought, in the order of the inputs. */
  readonly importance: Float64Array
}

/**
 * Gradient-boosted trees on histograms (Friedman 2001; Ke 2017). Missing inputs (NaN) go to the side of each split where they lower the loss
 * more. Rows whose target is NaN are left out and counted.
 * @throws MW-LEARN-0001 to -0005, -0007, -0008 for data or settings that cannot be learned from
 */
export function trainTrees(
  table: Table,
  target: Float64Array,
  task: TreeTask,
  given: Partial<TreeSettings> = {},
  { weights, validation, progress }: TreeTraining = {},
): { readonly model: TreeModel; readonly report: TreeReport } {
  const settings = { ...treeDefaults, ...given }
  checkTreeSettings(settings, task)
  checkTable(table, target)
  if (weights !== undefined && (weights.length !== target.length || !weights.every((weight) => weight > 0)))
    throw learningErrors.shape({ reason: 'weights are one number above 0 for each row' })
  const rows = learnable(target, validation ?? [])
  checkTarget(target, rows.train, task)
  const random = seeded(settings.seed)
  const bins = binned(table.columns, settings.bins, random)
  const usable = Int32Array.from(table.names.keys()).filter((input) => varies(bins, input))
  if (usable.length === 0) throw learningErrors.nothingVaries({ inputs: listed(table.names) })

  const loss = lossOf(task, target, weights ?? new Float64Array(target.length).fill(1))
  const base = loss.base(rows.train)
  const boosting = boost({
    columns: table.columns,
    settings,
    bins,
    loss,
    base,
    target,
    rows,
    usable,
    random,
    weights,
    progress,
  })
  const used = new Set(usable)
  const model: TreeModel = { kind: 'trees', task, names: [...table.names], base, nodes: boosting.nodes }
  const report = {
    rows: rows.train.length,
    rowsLeftOut: target.length - rows.train.length - rows.held.length,
    inputsLeftOut: table.names.filter((_, input) => !used.has(input)),
    rounds: boosting.rounds,
    ...(boosting.validationLoss === undefined ? {} : { validationLoss: boosting.validationLoss }),
    importance: shares(boosting.gain),
  }
  return { model, report }
}

interface Boosting {
  readonly columns: readonly Float64Array[]
  readonly settings: TreeSettings
  readonly bins: Binned
  readonly loss: Loss
  readonly base: Float64Array
  readonly target: Float64Array
  readonly rows: { readonly train: Int32Array; readonly held: Int32Array }
  readonly usable: Int32Array
  readonly random: Random
  readonly weights: Float64Array | undefined
  readonly progress: Progress | undefined
}

function boost({ columns, settings, bins, loss, base, target, rows, usable, random, weights, progress }: Boosting) {
  const rules: GrowRules = settings
  const grower = new TreeGrower(bins, columns, rules)
  const nodes = new NodeList()
  const raw = Array.from(base, (start) => new Float64Array(bins.rows).fill(start))
  const gradient = new Float64Array(bins.rows)
  const curvature = new Float64Array(bins.rows)
  const packed = new Float64Array(bins.rows)
  const gain = new Float64Array(bins.edges.length)
  const values = new Float64Array(bins.rows)
  let best = { rounds: 0, loss: Number.POSITIVE_INFINITY }
  let round = 0
  while (round < settings.rounds && (rows.held.length === 0 || round - best.rounds < settings.patience)) {
    const scores = raw.length === 1 ? raw : raw.map((each) => each.slice())
    for (let output = 0; output < loss.outputs; output++) {
      loss.derivatives(scores, output, gradient, curvature)
      const drawn = settings.rowShare < 1 ? draw(rows.train, settings.rowShare, random) : rows.train
      const inputs = settings.columnShare < 1 ? draw(usable, settings.columnShare, random) : usable
      const { sums, pack } = packRows(drawn, gradient, curvature, packed)
      const root = nodes.size
      const leaves = grower.grow(nodes, drawn, gradient, packed, pack, sums, inputs, gain)
      for (const leaf of leaves)
        nodes.setValue(
          leaf.node,
          settings.learningRate *
            leafValue(leaf, grower.rows, loss, settings.l2, scores[output]!, target, weights, values),
        )
      const unseen = drawn.length === rows.train.length ? rows.held : others(drawn, bins.rows)
      update(raw[output]!, nodes, root, grower, leaves, unseen)
    }
    round++
    if (rows.held.length > 0) {
      const now = loss.mean(raw, rows.held)
      if (now < best.loss) best = { rounds: round, loss: now }
    }
    progress?.(round / settings.rounds, `round ${round} of at most ${settings.rounds}`)
  }
  const rounds = rows.held.length > 0 ? best.rounds : round
  const validationLoss = rows.held.length > 0 ? best.loss : undefined
  return { nodes: nodes.done(rounds * loss.outputs), rounds, validationLoss, gain }
}

function packRows(rows: Int32Array, gradient: Float64Array, curvature: Float64Array, packed: Float64Array) {
  let largest = 0
  let sum = 0
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!
    sum += gradient[row]!
    if (curvature[row]! > largest) largest = curvature[row]!
  }
  const pack = packing(rows.length, largest)
  let whole = 0
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!
    const units = Math.round(curvature[row]! / pack.unit)
    packed[row] = pack.one + units
    whole += units
  }
  return { pack, sums: { gradient: sum, curvature: whole * pack.unit, rows: rows.length } }
}

function leafValue(
  { from, to, sums }: Leaf,
  rows: Int32Array,
  { leafLevel }: Loss,
  l2: number,
  raw: Float64Array,
  target: Float64Array,
  weights: Float64Array | undefined,
  values: Float64Array,
): number {
  if (leafLevel === undefined) return -sums.gradient / (sums.curvature + l2 + Number.MIN_VALUE)
  for (let place = from; place < to; place++) values[place] = target[rows[place]!]! - raw[rows[place]!]!
  const residuals = values.subarray(from, to)
  if (weights !== undefined)
    return weightedQuantile(
      residuals,
      Float64Array.from(rows.subarray(from, to), (row) => weights[row]!),
      leafLevel,
    )
  return residuals.sort()[Math.max(0, Math.ceil(leafLevel * residuals.length) - 1)]!
}

/** Adds a tree to the raw scores: leaf by leaf for the rows it was grown from, row by row for the others. */
function update(
  raw: Float64Array,
  nodes: NodeList,
  root: number,
  grower: TreeGrower,
  leaves: readonly Leaf[],
  unseen: Int32Array,
): void {
  for (const { node, from, to } of leaves) {
    const value = nodes.valueOf(node)
    for (let place = from; place < to; place++) raw[grower.rows[place]!]! += value
  }
  for (const row of unseen) raw[row]! += nodes.valueOf(grower.leafOf(nodes, root, row))
}

function others(drawn: Int32Array, rows: number): Int32Array {
  const seen = new Uint8Array(rows)
  for (const row of drawn) seen[row] = 1
  const rest = new Int32Array(rows - drawn.length)
  for (let row = 0, at = 0; row < rows; row++) if (seen[row] === 0) rest[at++] = row
  return rest
}

function learnable(target: Float64Array, validation: ArrayLike<number>): { train: Int32Array; held: Int32Array } {
  const held = new Uint8Array(target.length)
  for (let at = 0; at < validation.length; at++) held[validation[at]!] = 1
  const all = Int32Array.from(target.keys()).filter((row) => Number.isFinite(target[row]!))
  return { train: all.filter((row) => held[row] === 0), held: all.filter((row) => held[row] === 1) }
}

function checkTarget(target: Float64Array, rows: Int32Array, task: TreeTask): void {
  if (rows.length < 2) throw learningErrors.tooFewRows({ rows: rows.length, least: 2 })
  if (task.kind === 'binary' || task.kind === 'multiclass') {
    const last = task.kind === 'binary' ? 1 : task.classes - 1
    const odd = rows.find((row) => !Number.isInteger(target[row]!) || target[row]! < 0 || target[row]! > last)
    if (odd !== undefined) throw learningErrors.classIndex({ last, row: odd, value: target[odd]! })
    if (rows.every((row) => target[row] === target[rows[0]!])) throw learningErrors.oneClass({})
  } else if (rows.every((row) => target[row] === target[rows[0]!]))
    throw learningErrors.constantTarget({ value: target[rows[0]!]! })
}

const varies = ({ edges, missing, bins }: Binned, input: number): boolean =>
  edges[input]!.length > 0 || (missing[input]! && bins[input]!.includes(0))

function draw(from: Int32Array, share: number, random: Random): Int32Array {
  return sampled(from.length, Math.max(1, Math.round(share * from.length)), random).map((at) => from[at]!)
}

function shares(gain: Float64Array): Float64Array {
  const sum = gain.reduce((total, each) => total + each, 0)
  return gain.map((each) => (sum > 0 ? each / sum : 0))
}
