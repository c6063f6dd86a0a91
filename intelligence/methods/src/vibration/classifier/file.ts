import { type ModelData, readModel, writeModel } from '../../model-file/index.ts'
import { vibrationErrors } from '../errors.ts'
import type { FaultClassifier, Verdict } from './classifier.ts'

const KIND = 'vibration classifier 1'

const VERDICTS: readonly string[] = [
  'none',
  'unbalance',
  'misalignment',
  'looseness',
  'outer race',
  'inner race',
  'rolling element',
  'cage',
  'gear',
  'cavitation',
] satisfies Verdict[]

export const writeFaultClassifier = ({ discriminant, ...rest }: FaultClassifier): Uint8Array =>
  writeModel({ kind: KIND, ...rest, discriminant: { ...discriminant } })

/**
 * @throws MW-MODEL-0001 when it is no model file, MW-VIBRATION-0012 when it holds something else or its parts do not
 * fit
 */
export function readFaultClassifier(bytes: Uint8Array): FaultClassifier {
  const data = record(readModel(bytes))
  if (data['kind'] !== KIND) throw vibrationErrors.model({ reason: `it holds ${String(data['kind'])}` })
  const discriminant = record(data['discriminant'])
  const mean = numbers(discriminant['mean'])
  const conditions = texts(discriminant['conditions'])
  const faults = texts(data['faults'])
  const width = mean.length
  const fits =
    width > 0 &&
    conditions.length > 0 &&
    faults.length === conditions.length &&
    faults.every((each) => VERDICTS.includes(each))
  if (!fits) throw vibrationErrors.model({ reason: 'its conditions do not fit its faults' })
  return {
    discriminant: {
      mean,
      conditions,
      scale: numbers(discriminant['scale'], width),
      centroids: numbers(discriminant['centroids'], width * conditions.length),
      precision: numbers(discriminant['precision'], width * width),
    },
    faults: faults as Verdict[],
    margin: positive(data['margin']),
    limit: positive(data['limit']),
  }
}

function record(data: ModelData | undefined): Readonly<Record<string, ModelData | undefined>> {
  if (typeof data === 'object' && data !== null && !Array.isArray(data) && !ArrayBuffer.isView(data))
    return data as Readonly<Record<string, ModelData | undefined>>
  throw vibrationErrors.model({ reason: 'a part of it is missing' })
}

function numbers(data: ModelData | undefined, length?: number): Float64Array {
  if (data instanceof Float64Array && (length === undefined || data.length === length) && data.every(Number.isFinite))
    return data
  throw vibrationErrors.model({ reason: 'an array in it has the wrong length' })
}

function texts(data: ModelData | undefined): string[] {
  if (Array.isArray(data) && data.every((each) => typeof each === 'string')) return data
  throw vibrationErrors.model({ reason: 'a list of names in it is broken' })
}

function positive(data: ModelData | undefined): number {
  if (typeof data === 'number' && data > 0) return data
  throw vibrationErrors.model({ reason: 'a threshold in it is missing' })
}
