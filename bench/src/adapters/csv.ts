import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFilesAdapter, csvReader, type FilesConfig, PickedFile } from '@millwright/connectivity-files'
import { parse } from 'csv-parse'
import { Value } from 'typebox/value'
import type { Scenario } from '../scenario.ts'
import { compared, throughput } from './throughput.ts'

const ROWS = 50_000
const COLUMNS = 5

export const csv: Scenario = {
  name: 'csv',
  about: 'CSV files of a time and five numbers, against csv-parse',
  async run({ quick, directory }) {
    const seconds = quick ? 1 : 3
    const path = join(directory, 'bench.csv')
    const header = ['time', ...Array.from({ length: COLUMNS }, (_, index) => `torque ${index}`)]
    const lines = Array.from({ length: ROWS }, (_, row) => {
      const values = Array.from({ length: COLUMNS }, (_, column) => (row / 7 + column).toFixed(3))
      return [new Date(1_790_000_000_000 + row).toISOString(), ...values].join(',')
    })
    writeFileSync(path, `${header.join(',')}\n${lines.join('\n')}\n`)
    const bare = await throughput(async () => {
      let points = 0
      for await (const record of createReadStream(path).pipe(parse({ from_line: 2 })) as AsyncIterable<string[]>) {
        const time = Date.parse(record[0]!)
        for (let column = 1; column < record.length; column++)
          if (time > 0 && Number.isFinite(Number(record[column]))) points++
      }
      return points
    }, seconds)
    const config = Value.Default(createFilesAdapter([]).configSchema, { folder: directory }) as FilesConfig
    const read = csvReader({ config, now: () => 1_790_000_100_000_000, growing: false })
    const ours = await throughput(async () => {
      const file = await PickedFile.open(path)
      let points = 0
      for await (const { rows } of read(file, undefined)) for (const each of rows) points += each.rows.length
      await file.close()
      return points
    }, seconds)
    return { figures: compared('CSV', 'csv-parse', bare, ours) }
  },
}
