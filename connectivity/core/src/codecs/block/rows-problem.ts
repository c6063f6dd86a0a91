import type { MillwrightError } from '@millwright/foundation'
import type { WideValue } from '../../batch.ts'
import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'
import { readJson } from '../json/document.ts'
import { isName } from '../names.ts'
import { kindOf, type MetricRows, ROW } from '../rows.ts'
import { WIDE } from './format.ts'

/** Of one document as JSON: a block has room for it whatever it holds. */
const DOCUMENT_BYTES = 512 * 1024

/**
 * Why a row cannot travel in a block; undefined when it can. Ask before `add`, which refuses all of its rows when one of
 * them is so: the platform would refuse the whole block. Whether the time is believable is asked elsewhere.
 */
export function rowProblem(rows: MetricRows, row: number): MillwrightError | undefined {
  const name = rows.name[row]!
  if (!isName(name)) return connectivityErrors.invalidName({ path: name.slice(0, 200) })
  const time = rows.time[row]!
  if (!Number.isSafeInteger(time) || time < 0) return connectivityErrors.invalidTime({ path: name, what: 'no integer' })
  const unit = rows.unit[row]
  if (unit !== undefined && (unit.length === 0 || unit.length > BOUNDS.unitChars)) {
    return connectivityErrors.invalidUnit({ path: name })
  }
  const kind = rows.kind[row]!
  if (kind === ROW.none) return undefined
  if (kind === ROW.number || kind === ROW.boolean) {
    const value = rows.value[row]!
    if (!Number.isFinite(value)) return connectivityErrors.numberOutOfRange({ path: name })
    if (kind === ROW.boolean && value !== 0 && value !== 1) {
      return connectivityErrors.wrongType({ path: name, expected: 'true or false' })
    }
  }
  const wide = rows.wide[row]
  if (kind === ROW.number || kind === ROW.boolean) return wide === undefined ? undefined : wideProblem(name, wide)
  if (wide === undefined || wide.kind !== kindOf(kind))
    return connectivityErrors.wrongType({ path: name, expected: `a ${kindOf(kind)}` })
  return wideProblem(name, wide)
}

function wideProblem(name: string, wide: WideValue): MillwrightError | undefined {
  if (wide.kind === 'state') {
    // As many characters at most, without counting bytes first.
    const large = wide.value.length > BOUNDS.stringBytes || Buffer.byteLength(wide.value) > BOUNDS.stringBytes
    return large
      ? connectivityErrors.valueTooLarge({ path: name, limit: `${BOUNDS.stringBytes} bytes` })
      : wide.value.isWellFormed()
        ? undefined
        : connectivityErrors.invalidUtf8({ path: name, offset: 0 })
  }
  if (wide.kind === 'position') {
    const { latitude, longitude, altitude } = wide
    const fine = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && Math.abs(altitude ?? 0) <= 1e6
    return fine ? undefined : connectivityErrors.wrongType({ path: name, expected: 'a place on the earth' })
  }
  if (wide.kind === 'waveform') return waveformProblem(name, wide.sampleRate, wide.samples)
  return documentProblem(name, wide.value)
}

export function waveformProblem(name: string, sampleRate: number, samples: Float32Array): MillwrightError | undefined {
  if (!(sampleRate > 0 && sampleRate <= 1e9)) {
    return connectivityErrors.wrongType({ path: name, expected: 'a waveform with a sample rate from 0 to 1e9 Hz' })
  }
  if (samples.length === 0) return connectivityErrors.wrongType({ path: name, expected: 'a waveform with samples' })
  if (samples.length > BOUNDS.samples) {
    return connectivityErrors.valueTooLarge({ path: name, limit: `${BOUNDS.samples} samples` })
  }
  return samples.every(Number.isFinite) ? undefined : connectivityErrors.numberOutOfRange({ path: name })
}

/** The document must come back from its JSON as strictly as any that a device sends. */
function documentProblem(name: string, value: unknown): MillwrightError | undefined {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch {
    text = undefined
  }
  if (text === undefined) return connectivityErrors.wrongType({ path: name, expected: 'a document that JSON can hold' })
  const bytes = Buffer.from(text)
  if (bytes.length > DOCUMENT_BYTES) {
    return connectivityErrors.valueTooLarge({ path: name, limit: `${DOCUMENT_BYTES} bytes` })
  }
  try {
    readJson(bytes)
    return undefined
  } catch (error) {
    return error as MillwrightError
  }
}

/** Which of the wide kinds a value is. */
export function wideCode(wide: WideValue | undefined): number {
  if (wide === undefined) return WIDE.none
  if (wide.kind === 'position') return wide.altitude === undefined ? WIDE.position : WIDE.positionWithAltitude
  return WIDE[wide.kind]
}
