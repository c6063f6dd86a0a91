import { MINUTE, type Micros } from '@millwright/foundation'
import { CncLine } from '../cnc/line.ts'
import { STEP } from '../core/machine.ts'

/** Readings of one signal, as the platform takes them. */
export interface PastSignal {
  readonly time: Micros[]
  readonly value: (number | string)[]
}

/** Machine -> signal -> readings. */
export type LineHours = Readonly<Record<string, Record<string, PastSignal>>>

export interface LineHoursOptions {
  readonly seed: number
  readonly from: Micros
  readonly to: Micros
}

/** Minutes of the hours in which something was wrong with the lathe, as happens in any week. */
const TROUBLE = [
  { fault: 'chuck', from: 25, to: 43 },
  { fault: 'chuck', from: 95, to: 110 },
  { fault: 'coolant', from: 135, to: 143 },
  { fault: 'chuck', from: 180, to: 198 },
] as const
const FAST = Math.round(0.2 / STEP)
const SLOW = Math.round(1 / STEP)
const EVERY: Readonly<Record<string, number>> = { spindle_power: FAST, spindle_temperature: SLOW, tool_wear: SLOW }
const EVENTS = ['part_serial', 'diameter']
const STEPS = Math.round(MINUTE / 1e6 / STEP)

/**
 * The same physics as in the running plant, the line alone, as fast as it goes: the shift before the plant was first started. Its parts have
 * serial numbers of their own. Gives way after each minute, so that whoever computes it can live on meanwhile.
 */
export async function lineHours(
  { seed, from, to }: LineHoursOptions,
  giveWay: () => Promise<void>,
): Promise<LineHours> {
  const line = new CncLine(seed, 'MV')
  const hours: Record<string, Record<string, PastSignal>> = {}
  const note = (machine: string, signal: string, time: Micros, value: number | string) => {
    hours[machine] ??= {}
    hours[machine][signal] ??= { time: [], value: [] }
    hours[machine][signal].time.push(time)
    hours[machine][signal].value.push(value)
  }
  let now = from
  for (let minute = 0; now < to; minute++) {
    for (const { fault, from: begins, to: ends } of TROUBLE) {
      const its = line.lathe.faults.find(({ name }) => name === fault)!
      if (minute === begins) its.inject()
      if (minute === ends) its.clear()
    }
    for (let step = 0; step < STEPS; step++) {
      line.step(STEP)
      now += STEP * 1e6
      for (const machine of line.machines) {
        const shown = machine === line.gauge ? undefined : machine.signals()
        if (shown !== undefined)
          for (const [signal, every] of Object.entries(EVERY))
            if (step % every === 0) note(machine.name, signal, now, shown[signal] as number)
        for (const { signal, value } of machine.occurrences())
          if (EVENTS.includes(signal)) note(machine.name, signal, now, value as number | string)
      }
    }
    await giveWay()
  }
  return hours
}
