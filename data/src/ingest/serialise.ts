import { QUALITY, type ReadingBatch, type WideRow } from '@millwright/connectivity'
import { periodOf, RETENTION_NUMBERS } from '../historian/retention-classes.ts'
import type { StorageClasses } from './storage-classes.ts'
import type { TsvWriter } from './tsv.ts'

/**
 * Numbers and booleans of a window as rows of `readings`: all, or those at the given rows. Answers the columns written:
 * what has its default in every row (as nearly always class, quality and generation have) is left out, which spares a
 * third of the engine's work.
 */
export function writeNumbers(
  out: TsvWriter,
  batch: ReadingBatch,
  classes: StorageClasses,
  rows?: readonly number[],
): string[] {
  const { signal, time, value, quality } = batch
  const count = rows?.length ?? batch.length
  const sent = notDefault(batch, classes)
  for (let i = 0; i < count; i++) {
    const row = rows === undefined ? i : rows[i]!
    const key = signal[row]!
    out.uint(key).tab().uint(time[row]!).tab().float(value[row]!)
    if (sent.class) out.tab().uint(classes.classOf(key))
    if (sent.quality) out.tab().uint(quality[row]!)
    if (sent.generation) out.tab().uint(classes.generationOf(key))
    out.newline()
  }
  const { class: classed, quality: judged, generation } = sent
  return [
    'signal',
    'time',
    'value',
    ...(classed ? ['class'] : []),
    ...(judged ? ['quality'] : []),
    ...(generation ? ['generation'] : []),
  ]
}

/** Which columns of a window hold anything but their default (see the table's definition). */
function notDefault(
  { signal, quality, length }: ReadingBatch,
  classes: StorageClasses,
): { class: boolean; quality: boolean; generation: boolean } {
  const found = { class: false, quality: false, generation: false }
  for (let row = 0; row < length; row++) {
    const key = signal[row]!
    if (quality[row] !== QUALITY.good) found.quality = true
    if (classes.classOf(key) !== RETENTION_NUMBERS.standard) found.class = true
    if (classes.generationOf(key) !== 0) found.generation = true
  }
  return found
}

/** The engine takes rows of at most 100 partitions in one insert. */
const MOST_PERIODS = 90

/** The rows of a window in groups of few enough periods, in their order: an import may reach over decades. */
export function byPeriods(batch: ReadingBatch, classes: StorageClasses): number[][] {
  const groups: number[][] = []
  const places = new Map<string, number[]>()
  for (let row = 0; row < batch.length; row++) {
    const classNo = classes.classOf(batch.signal[row]!)
    const name = `${classNo} ${periodOf(classNo, batch.time[row]!).start}`
    let group = places.get(name)
    if (group === undefined) {
      if (places.size % MOST_PERIODS === 0) groups.push([])
      group = groups.at(-1)!
      places.set(name, group)
    }
    group.push(row)
  }
  return groups
}

export type WideTable = 'states' | 'documents' | 'positions' | 'waveforms'

export const WIDE_COLUMNS: Readonly<Record<WideTable, readonly string[]>> = {
  states: ['class', 'signal', 'time', 'quality', 'generation', 'value'],
  documents: ['class', 'signal', 'time', 'quality', 'generation', 'value'],
  positions: ['class', 'signal', 'time', 'quality', 'generation', 'latitude', 'longitude', 'altitude'],
  waveforms: ['class', 'signal', 'time', 'quality', 'generation', 'rate', 'bytes'],
}

export const wideTable = (row: WideRow): WideTable => `${row.value.kind}s`

/** One row of a wide table. */
export function writeWide(out: TsvWriter, row: WideRow, classes: StorageClasses): void {
  const { signal, time, quality, value } = row
  out.uint(classes.classOf(signal)).tab().uint(signal).tab().uint(time).tab().uint(quality).tab()
  out.uint(classes.generationOf(signal)).tab()
  switch (value.kind) {
    case 'state':
      out.text(value.value)
      break
    case 'document':
      out.text(JSON.stringify(value.value))
      break
    case 'position':
      out
        .float(value.latitude)
        .tab()
        .float(value.longitude)
        .tab()
        .float(value.altitude ?? Number.NaN)
      break
    case 'waveform': {
      const { samples } = value
      // Typed arrays are little-endian on every platform that Node and the engine run on.
      out
        .float(value.sampleRate)
        .tab()
        .raw(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
      break
    }
  }
  out.newline()
}
