import type { ReadingBatch, WideRow } from '@millwright/connectivity'
import type { StorageClasses } from './storage-classes.ts'
import type { TsvWriter } from './tsv.ts'

export const READING_COLUMNS = ['class', 'signal', 'time', 'value', 'quality', 'generation']

/** The numbers and booleans of a window as rows of `readings`. */
export function writeNumbers(out: TsvWriter, batch: ReadingBatch, classes: StorageClasses): void {
  const { signal, time, value, quality, length } = batch
  for (let row = 0; row < length; row++) {
    const key = signal[row]!
    out.uint(classes.classOf(key)).tab().uint(key).tab().uint(time[row]!).tab().float(value[row]!)
    out.tab().uint(quality[row]!).tab().uint(classes.generationOf(key)).newline()
  }
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
