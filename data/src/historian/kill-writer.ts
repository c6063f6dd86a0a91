/** The writer that `kill.test.ts` kills: row after row of each signal, the number told once durable. */
import { createBus, createLog, systemClock } from '@millwright/foundation'
import { openTelemetry } from '@millwright/storage'
import { createHistorian } from './historian.ts'
import { PlainSignals, START } from './testing.ts'

const [directory, from, count] = process.argv.slice(2)
const telemetry = await openTelemetry({ directory: directory! })
const signals = new PlainSignals()
const all = Array.from({ length: Number(count) }, () => signals.add())
const log = createLog({ level: 'silent' })
const historian = createHistorian({ telemetry, bus: createBus(log), clock: systemClock, log, signals })
await historian.start()

// Neither the platform's timers nor the engine's threads keep a process alive.
setInterval(() => undefined, 60_000)

for (let row = Number(from); ; row++) {
  // 7 s apart, so that rows reach over minutes and hours; each row is sent twice, as after a lost acknowledgement.
  for (const { key } of [...all, ...all]) historian.sink.open.push(key, START + row * 7_000_000, row, 0)
  const durable = historian.sink.committed()
  if (row % 50 === 0) void historian.roll(START + row * 7_000_000)
  await durable
  process.send!(row + 1)
}
