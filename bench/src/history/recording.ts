import { readFile } from 'node:fs/promises'
import type { Telemetry } from '@millwright/storage'
import { noteHours, STANDARD } from './swings.ts'

/** Columns that are no measurement. */
const NOT_MEASURED = /^(datetime|anomaly|changepoint)$/
const HOURS_AGO = 24 * 30

/**
 * Writes recorded CSV files (`datetime;…`) as often as it takes to make `points` readings. Each repetition is a set of
 * signals of its own, at the same times: so that no compression can find it again in another one's blocks.
 */
export async function writeRecording(telemetry: Telemetry, files: readonly string[], points: number): Promise<void> {
  const recording = (await Promise.all(files.map(read))).flat().sort((a, b) => a.time - b.time)
  const names = [...new Set(recording.flatMap(({ values }) => values.map(([name]) => name)))]
  const lines: string[] = []
  // The recording is years old; it is moved so that no retention is near.
  const shift = Math.floor(Date.now() / 1000 - HOURS_AGO * 3600) * 1_000_000 - recording[0]!.time
  for (const { time, values } of recording) {
    for (const [name, value] of values)
      lines.push(`${STANDARD}\t${names.indexOf(name) + 1}\t${time + shift}\t${value}\t0\t0`)
  }
  const columns = ['class', 'signal', 'time', 'value', 'quality', 'generation']
  await telemetry.insertTsv('readings', columns, Buffer.from(`${lines.join('\n')}\n`))
  const run = (query: string) => telemetry.client.command({ query })
  for (let copy = 1; copy < Math.ceil(points / lines.length); copy++) {
    await run(`insert into readings (class, signal, time, value, quality, generation)
      select class, signal + ${copy * names.length}, time, value, quality, generation
      from readings where signal <= ${names.length}`)
  }
  const keys = '(select arrayJoin(groupUniqArray(signal)) as key from readings)'
  await noteHours(run, keys, recording[0]!.time + shift, recording.at(-1)!.time + shift)
}

interface Row {
  readonly time: number
  readonly values: readonly (readonly [name: string, text: string])[]
}

/** Values as the recording's own text: not a digit is lost or added. */
async function read(file: string): Promise<Row[]> {
  const [head, ...rows] = (await readFile(file, 'utf8')).trim().split(/\r?\n/)
  const names = head!.split(';')
  return rows.map((row) => {
    const cells = row.split(';')
    const time = Date.parse(`${cells[names.indexOf('datetime')]!.replace(' ', 'T')}Z`) * 1000
    const values = names.map((name, at) => [name, cells[at]!] as const).filter(([name]) => !NOT_MEASURED.test(name))
    return { time, values }
  })
}
