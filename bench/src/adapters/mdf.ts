import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodersOf } from '@millwright/connectivity-can'
import { PickedFile } from '@millwright/connectivity-files'
import { mdfReader } from '@millwright/connectivity-mdf'
import { writeMdf } from '@millwright/connectivity-mdf/testing'
import type { Scenario } from '../scenario.ts'
import { compared, throughput } from './throughput.ts'

const RECORDS = 50_000
const CHANNELS = 5
const LENGTH = 8 + 4 * CHANNELS

export const mdf: Scenario = {
  name: 'mdf',
  about: 'MDF 4 records of a time and five floats, against a loop over the same bytes',
  async run({ quick, directory }) {
    const seconds = quick ? 1 : 3
    const data = Buffer.alloc(RECORDS * LENGTH)
    for (let record = 0; record < RECORDS; record++) {
      data.writeDoubleLE(record / 1000, record * LENGTH)
      for (let channel = 0; channel < CHANNELS; channel++)
        data.writeFloatLE(record / 7 + channel, record * LENGTH + 8 + 4 * channel)
    }
    const channels = Array.from({ length: CHANNELS }, (_, index) => ({
      ...{ name: `torque ${index}`, unit: 'Nm', dataType: 4, byteOffset: 8 + 4 * index, bitCount: 32 },
      conversion: { type: 1, values: [0, 2] },
    }))
    const time = { name: 't', type: 2, sync: 1, dataType: 4, byteOffset: 0, bitCount: 64 }
    const path = join(directory, 'bench.mf4')
    writeFileSync(path, writeMdf({ groups: [{ dataBytes: LENGTH, channels: [time, ...channels] }], data }))
    const bare = await throughput(() => loop(readFileSync(path)), seconds)
    const read = mdfReader({
      makeDecoders: decodersOf({ databases: [], metric: 'signal', device: 'none', signalInterval: 0 }),
      hasDatabases: false,
      now: () => 1_790_000_100_000_000,
      toUtc: (local) => local,
    })
    const ours = await throughput(async () => {
      const file = await PickedFile.open(path)
      let points = 0
      for await (const { rows } of read(file, undefined)) for (const each of rows) points += each.rows.length
      await file.close()
      return points
    }, seconds)
    return { figures: compared('MDF 4', 'a loop over the records', bare, ours) }
  },
}

function loop(file: Buffer): number {
  const start = file.length - RECORDS * LENGTH
  const times = new Float64Array(RECORDS * CHANNELS)
  const values = new Float64Array(RECORDS * CHANNELS)
  let at = 0
  for (let record = start; record < file.length; record += LENGTH) {
    const time = 1.79e15 + file.readDoubleLE(record) * 1e6
    for (let channel = 0; channel < CHANNELS; channel++) {
      times[at] = time
      values[at++] = file.readFloatLE(record + 8 + 4 * channel) * 2
    }
  }
  return at
}
