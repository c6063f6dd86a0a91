import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { modelFileErrors } from '../../model-file/errors.ts'
import { type ModelData, readModel, writeModel } from '../../model-file/index.ts'
import { learningErrors } from '../errors.ts'
import { checkInputs, checkTable, listed, rowCount, type Table } from '../table.ts'
import { columnMoments, completeRows, covariance } from './covariance.ts'

export interface PcaModel {
  readonly kind: 'pca'
  readonly names: readonly string[]
  readonly mean: Float64Array
  /** What an input is divided by: its standard deviation, or 1; 1 for a constant one. */
  readonly scale: Float64Array
  /** Kept components, one after the other: `components[k * inputs + input]`, each of length 1. */
  readonly components: Float64Array
  /** Variances along all components, kept or not, descending: one for each input. */
  readonly variances: Float64Array
  readonly rows: number
}

export interface PcaSettings {
  /** How many components: a number, or the share of the variance that they explain together at least. */
  readonly keep: { readonly components: number } | { readonly share: number }
  /** Divides by the standard deviation first, as inputs of different units need. */
  readonly standardise: boolean
}

export const pcaDefaults: PcaSettings = { keep: { share: 0.9 }, standardise: true }

export interface PcaReport {
  readonly rows: number
  /** Rows in which an input was missing. */
  readonly rowsLeftOut: number
  /** Constant inputs: their loadings are 0. */
  readonly constant: readonly string[]
  readonly components: number
  /** Share of the variance that the kept components explain. */
  readonly explained: number
}

/**
 * Principal components by the eigenvectors of the covariance (Jolliffe 2002, ch. 3); the sign of each is such that its largest loading is > 0.
 * @throws MW-LEARN-0001 for fewer than three complete rows, -0002 when all is constant, -0005, -0007
 */
export function trainPca(
  table: Table,
  given: Partial<PcaSettings> = {},
): { readonly model: PcaModel; readonly report: PcaReport } {
  const { keep, standardise } = { ...pcaDefaults, ...given }
  checkTable(table)
  const inputs = table.columns.length
  const rows = completeRows(table)
  if (rows.length < 3) throw learningErrors.tooFewRows({ rows: rows.length, least: 3 })
  const { mean, deviation } = columnMoments(table.columns, rows)
  const constant = table.names.filter((_, input) => deviation[input] === 0)
  if (constant.length === inputs) throw learningErrors.nothingVaries({ inputs: listed(table.names) })
  const scale = deviation.map((each) => (standardise && each > 0 ? each : 1))
  const { values, vectors } = eigen(covariance(table.columns, rows, mean, scale), inputs)
  const kept = keptComponents(values, keep)
  const model: PcaModel = {
    kind: 'pca',
    names: [...table.names],
    mean,
    scale,
    components: vectors.slice(0, kept * inputs),
    variances: values,
    rows: rows.length,
  }
  const all = sum(values)
  const explained = sum(values.subarray(0, kept)) / all
  const rowsLeftOut = table.columns[0]!.length - rows.length
  return { model, report: { rows: rows.length, rowsLeftOut, constant, components: kept, explained } }
}

/** The scores of one row; NaN in, NaN out. Fills `into`, one number for each kept component. */
export function project({ mean, scale, components }: PcaModel, values: ArrayLike<number>, into: Float64Array): void {
  const inputs = mean.length
  into.fill(0)
  for (let input = 0; input < inputs; input++) {
    const value = (values[input]! - mean[input]!) / scale[input]!
    for (let k = 0, at = input; at < components.length; k++, at += inputs) into[k]! += value * components[at]!
  }
}

/** Rows that are projected together, so that they stay in the cache. */
const BLOCK = 128

/** The scores of each row, row-major: components a row. @throws MW-LEARN-0006 */
export function projectTable({ names, mean, scale, components }: PcaModel, table: Table): Float64Array {
  checkInputs(names, table)
  const inputs = names.length
  const kept = components.length / inputs
  const rows = rowCount(table)
  const all = new Float64Array(rows * kept)
  const block = new Float64Array(BLOCK * inputs)
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from)
    for (let input = 0; input < inputs; input++) {
      const [column, middle, by] = [table.columns[input]!, mean[input]!, 1 / scale[input]!]
      for (let row = 0, to = input; row < count; row++, to += inputs) block[to] = (column[from + row]! - middle) * by
    }
    for (let row = 0, to = from * kept; row < count; row++)
      for (let k = 0; k < kept; k++, to++) all[to] = dot(block, row * inputs, components, k * inputs, inputs)
  }
  return all
}

/** Four sums at once: the processor need not wait for one addition to begin the next. */
function dot(a: Float64Array, atA: number, b: Float64Array, atB: number, count: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let at = 0
  for (; at + 3 < count; at += 4) {
    s0 += a[atA + at]! * b[atB + at]!
    s1 += a[atA + at + 1]! * b[atB + at + 1]!
    s2 += a[atA + at + 2]! * b[atB + at + 2]!
    s3 += a[atA + at + 3]! * b[atB + at + 3]!
  }
  for (; at < count; at++) s0 += a[atA + at]! * b[atB + at]!
  return s0 + s1 + (s2 + s3)
}

/** The row, in its own units, that has these scores. Fills `into`, one number for each input. */
export function restore({ mean, scale, components }: PcaModel, scores: ArrayLike<number>, into: Float64Array): void {
  const inputs = mean.length
  for (let input = 0; input < inputs; input++) {
    let value = 0
    for (let k = 0, at = input; at < components.length; k++, at += inputs) value += scores[k]! * components[at]!
    into[input] = mean[input]! + scale[input]! * value
  }
}

export const writePca = (model: PcaModel): Uint8Array => writeModel(model as unknown as ModelData)

/** @throws MW-MODEL-0001 when the bytes are damaged or of another kind of model */
export function readPca(bytes: Uint8Array): PcaModel {
  return checkPca(readModel(bytes))
}

/** For models that hold one within. */
export function checkPca(data: unknown): PcaModel {
  const model = data as PcaModel | null
  const inputs = Array.isArray(model?.names) ? model.names.length : 0
  const whole =
    model?.kind === 'pca' &&
    inputs > 0 &&
    [model.mean, model.scale, model.variances].every(
      (part) => part instanceof Float64Array && part.length === inputs,
    ) &&
    model.components instanceof Float64Array &&
    model.components.length % inputs === 0 &&
    model.components.length <= inputs * inputs
  if (!whole) throw modelFileErrors.unreadable({ reason: 'it is no principal component model' })
  return model
}

function eigen(matrix: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const rows = Array.from({ length: size }, (_, row) => Array.from(matrix.subarray(row * size, (row + 1) * size)))
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), {
    assumeSymmetric: true,
  })
  const order = realEigenvalues.map((_, at) => at).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!)
  const vectors = new Float64Array(size * size)
  order.forEach((from, to) => {
    let largest = 0
    for (let input = 0; input < size; input++) {
      const loading = eigenvectorMatrix.get(input, from)
      if (Math.abs(loading) > Math.abs(largest) + 1e-12) largest = loading
    }
    for (let input = 0; input < size; input++)
      vectors[to * size + input] = eigenvectorMatrix.get(input, from) * (largest < 0 ? -1 : 1)
  })
  return { values: Float64Array.from(order, (at) => Math.max(0, realEigenvalues[at]!)), vectors }
}

function keptComponents(variances: Float64Array, keep: PcaSettings['keep']): number {
  if ('components' in keep) {
    if (!Number.isInteger(keep.components) || keep.components < 1)
      throw learningErrors.setting({
        name: 'components',
        value: keep.components,
        reason: 'it is a whole number from 1',
      })
    return Math.min(keep.components, variances.length)
  }
  if (!(keep.share > 0 && keep.share <= 1))
    throw learningErrors.setting({ name: 'share', value: keep.share, reason: 'a share lies above 0 and is at most 1' })
  const wanted = keep.share * sum(variances) * (1 - 1e-12)
  let reached = 0
  for (let kept = 0; kept < variances.length; kept++) {
    reached += variances[kept]!
    if (reached >= wanted) return kept + 1
  }
  return variances.length
}

const sum = (values: Float64Array): number => values.reduce((total, each) => total + each, 0)
