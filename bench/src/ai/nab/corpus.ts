import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One labelled stream of the Numenta Anomaly Benchmark. */
export interface NabStream {
  /** As the labels name it: `realTraffic/speed_6005.csv`. */
  readonly name: string
  /** The folder it lies in: `realTraffic`. */
  readonly family: string
  /** µs since the epoch; the files give no time zone, taken as UTC. Not always ascending: clocks were put back. */
  readonly times: Float64Array
  readonly values: Float64Array
  /** First and last row of each labelled window, both within it. */
  readonly windows: readonly (readonly [number, number])[]
}

/** Reads all streams under `pack/data`, in the order of their names. */
export function nabCorpus(pack: string): NabStream[] {
  const labels = JSON.parse(readFileSync(join(pack, 'labels', 'combined_windows.json'), 'utf8')) as Record<
    string,
    [string, string][]
  >
  return readdirSync(join(pack, 'data'))
    .sort()
    .flatMap((family) =>
      readdirSync(join(pack, 'data', family))
        .sort()
        .map((file) => stream(pack, family, `${family}/${file}`, labels[`${family}/${file}`] ?? [])),
    )
}

function stream(pack: string, family: string, name: string, labels: readonly [string, string][]): NabStream {
  const rows = nabColumns(readFileSync(join(pack, 'data', name), 'utf8'))
  const times = Float64Array.from(rows, (row) => microseconds(row[0]!))
  const values = Float64Array.from(rows, (row) => Number(row[1]))
  const windows = labels.map((window) => {
    const [left, right] = window.map((edge) => times.indexOf(microseconds(edge)))
    if (left === undefined || right === undefined || left < 0 || right < left)
      throw new Error(`${name}: no rows at the window ${window.join(' to ')}`)
    return [left, right] as const
  })
  return { name, family, times, values, windows }
}

/** The cells of a comma-separated file below its heading. */
export const nabColumns = (text: string): string[][] =>
  text
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split(','))

const microseconds = (text: string): number => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`) * 1000
