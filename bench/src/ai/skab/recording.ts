import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Frame } from '@millwright/methods/series'

/** One file of the testbed: 8 signals at 1 Hz, with what was done to it. */
export interface SkabRecording {
  readonly name: string
  readonly frame: Frame
  /** 1 for rows of an anomaly; empty for the recording without any. */
  readonly anomaly: Uint8Array
  /** 1 for the rows at which the state of the testbed began to change. */
  readonly changePoint: Uint8Array
}

const FOLDERS = ['other', 'valve1', 'valve2']

/** The 34 files in which something happens, in the order of their names. */
export const skabRecordings = (data: string): readonly SkabRecording[] =>
  FOLDERS.flatMap((folder) => {
    const path = join(data, 'skab/data', folder)
    const number = (file: string) => Number.parseInt(file, 10)
    return readdirSync(path)
      .sort((a, b) => number(a) - number(b))
      .map((file) => recording(`${folder}/${file}`, join(path, file)))
  })

export const anomalyFree = (data: string): SkabRecording =>
  recording('anomaly-free', join(data, 'skab/data/anomaly-free/anomaly-free.csv'))

function recording(name: string, path: string): SkabRecording {
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  const names = head!.split(';').slice(1, 9)
  const rows = lines.map((line) => line.split(';'))
  const label = (column: number) => Uint8Array.from(rows, (cells) => Number(cells[column] ?? 0))
  return {
    name,
    frame: {
      times: Float64Array.from(rows, ([time]) => Date.parse(`${time!.replace(' ', 'T')}Z`) * 1000),
      names,
      columns: names.map((_, j) => Float64Array.from(rows, (cells) => Number(cells[j + 1]))),
    },
    anomaly: label(9),
    changePoint: label(10),
  }
}

/** The rows `first` up to `end`. */
export const rowsOf = ({ times, names, columns }: Frame, first: number, end?: number): Frame => ({
  times: times.slice(first, end),
  names,
  columns: columns.map((column) => column.slice(first, end)),
})
