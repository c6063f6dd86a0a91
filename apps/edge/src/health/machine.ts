import { readdir, readFile } from 'node:fs/promises'
import { freemem, loadavg, totalmem } from 'node:os'
import type { OwnValue } from '../readings/own.ts'

const THERMAL = '/sys/class/thermal'
const POWER = '/sys/class/power_supply'
/** Where the kernel of a Raspberry Pi says that its supply was too weak. */
const UNDERVOLTAGE = '/sys/devices/platform/soc/soc:firmware/raspberrypi-hwmon/hwmon'

/** What the machine says of itself, as far as it says anything. */
export async function machineFigures(): Promise<Record<string, OwnValue>> {
  const figures: Record<string, OwnValue> = {
    'machine/memory free': { number: freemem(), unit: 'By' },
    'machine/memory used': { number: Math.round((1 - freemem() / totalmem()) * 1000) / 10, unit: '%' },
    'machine/load': { number: Math.round(loadavg()[0]! * 100) / 100, unit: '1' },
  }
  const temperature = await hottest()
  if (temperature !== undefined) figures['machine/temperature'] = { number: temperature, unit: 'Cel' }
  const mains = await onMains()
  if (mains !== undefined) figures['machine/power'] = mains
  const weak = await undervoltage()
  if (weak !== undefined) figures['machine/undervoltage'] = weak
  return figures
}

/** Of all thermal zones, °C. */
async function hottest(): Promise<number | undefined> {
  let most: number | undefined
  for (const zone of await list(THERMAL)) {
    if (!zone.startsWith('thermal_zone')) continue
    const millis = Number(await text(`${THERMAL}/${zone}/temp`))
    // A zone that is off says something far out.
    if (!(millis > -55_000 && millis < 200_000)) continue
    most = Math.max(most ?? Number.NEGATIVE_INFINITY, millis / 1000)
  }
  return most
}

/** Is the machine fed from the mains? undefined: it does not say. */
async function onMains(): Promise<boolean | undefined> {
  let known: boolean | undefined
  for (const supply of await list(POWER)) {
    const online = await text(`${POWER}/${supply}/online`)
    if (online === '1' || online === '0') known = known === true || online === '1'
  }
  return known
}

async function undervoltage(): Promise<boolean | undefined> {
  for (const name of await list(UNDERVOLTAGE)) {
    const alarm = await text(`${UNDERVOLTAGE}/${name}/in0_lcrit_alarm`)
    if (alarm === '1' || alarm === '0') return alarm === '1'
  }
  return undefined
}

const list = (path: string): Promise<string[]> => readdir(path).catch(() => [])
const text = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').then(
    (content) => (content.trim() === '' ? undefined : content.trim()),
    () => undefined,
  )
