/**
 * Fills a stopped platform's historian through its own engine and tables, as a process of its own: an engine takes one
 * directory in its life. The result is one line of JSON on standard output.
 *
 *     node bench/src/history/fill.ts --directory DATA/telemetry --from µs --period µs --readings n
 *     node bench/src/history/fill.ts --directory EMPTY --skab FILE.csv … --points 10000000
 */
import { writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openTelemetry } from '@millwright/storage'
import { diskUse, historianOn, merged } from './engine.ts'
import { writeRecording } from './recording.ts'
import { writeSwings } from './swings.ts'

const { values: flags } = parseArgs({
  options: {
    directory: { type: 'string' },
    from: { type: 'string' },
    period: { type: 'string' },
    readings: { type: 'string' },
    skab: { type: 'string', multiple: true },
    points: { type: 'string', default: '10000000' },
  },
})

const telemetry = await openTelemetry({ directory: flags.directory! })
// Makes the tables of an empty directory.
const before = historianOn(telemetry)
await before.start()
await before.stop()
const began = performance.now()
const span =
  flags.skab === undefined
    ? { from: Number(flags.from), period: Number(flags.period), readings: Number(flags.readings) }
    : undefined
if (span !== undefined) await writeSwings(telemetry, span)
else await writeRecording(telemetry, flags.skab!, Number(flags.points))
const written = performance.now()
// It finds the notes of hours to roll up, as after a crash.
const historian = historianOn(telemetry)
await historian.start()
const rolling = performance.now()
await historian.roll()
const rolled = performance.now()
await merged(telemetry)
await historian.stop()
const readings = await diskUse(telemetry, ['readings'])
const rollups = await diskUse(telemetry, ['rollup_1m', 'rollup_1h', 'rollup_1d'])
await telemetry.close()
writeSync(
  1,
  `${JSON.stringify({ readings, rollups, writeSeconds: (written - began) / 1000, rollSeconds: (rolled - rolling) / 1000 })}\n`,
)
process.exit(0)
