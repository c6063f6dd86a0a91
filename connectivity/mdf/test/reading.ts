import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { kindOf } from '@millwright/connectivity'
import { decodersOf } from '@millwright/connectivity-can'
import { PickedFile } from '@millwright/connectivity-files'
import { mdfReader } from '../src/read-mdf.ts'
import { type TestChannel, type TestFile, writeMdf } from '../src/testing/index.ts'

export const directory = mkdtempSync(join(tmpdir(), 'millwright-mdf-'))
after(() => rmSync(directory, { recursive: true, force: true }))

/** Of a file that `writeMdf` makes, unless it is told another one. */
export const START = 1_790_000_000_000_000

interface Row {
  readonly metric: string
  readonly device: string | undefined
  readonly time: number
  readonly value: unknown
  readonly quality: number
  readonly unit: string | undefined
}

/** All rows of a file, with what was left out and where reading can go on. */
export async function read(path: string, dbc?: string, position?: string) {
  const databases = dbc === undefined ? [] : [{ dbc }]
  const reader = mdfReader({
    makeDecoders: decodersOf({ databases, metric: 'message.signal', device: 'sender', signalInterval: 0 }),
    hasDatabases: databases.length > 0,
    now: () => 1.9e15,
    toUtc: (local) => local - 3.6e9,
  })
  const file = await PickedFile.open(path)
  const rows: Row[] = []
  const refused: string[] = []
  const positions: { position: string; rows: number }[] = []
  try {
    for await (const batch of reader(file, position)) {
      for (const { device, rows: some } of batch.rows)
        for (let row = 0; row < some.length; row++) {
          const wide = some.wide[row]
          const value =
            wide?.kind === 'state' ? wide.value : kindOf(some.kind[row]!) === undefined ? null : some.value[row]!
          rows.push({
            metric: some.name[row]!,
            device,
            time: some.time[row]!,
            value,
            quality: some.quality[row]!,
            unit: some.unit[row],
          })
        }
      refused.push(...batch.refused.map(({ error }) => error.message))
      positions.push({ position: batch.position, rows: rows.length })
    }
  } finally {
    await file.close()
  }
  const of = (metric: string) => rows.filter((row) => row.metric === metric)
  return { rows, refused, positions, of, values: (metric: string) => of(metric).map(({ value }) => value) }
}
let made = 0
export async function written(file: TestFile, dbc?: string) {
  const path = join(directory, `${made++}.mf4`)
  writeFileSync(path, writeMdf(file))
  return read(path, dbc)
}

export const time: TestChannel = { name: 'time', type: 2, sync: 1, dataType: 4, byteOffset: 0, bitCount: 64 }
/** Records of a time and whatever `fill` writes behind it. */
export function records(count: number, length: number, fill: (record: Buffer, row: number) => void): Buffer {
  const data = Buffer.alloc(count * length)
  for (let row = 0; row < count; row++) {
    const record = data.subarray(row * length, (row + 1) * length)
    record.writeDoubleLE(row / 4, 0)
    fill(record, row)
  }
  return data
}
