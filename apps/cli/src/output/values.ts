import { text } from '../texts/text.ts'

/** A reading's value on one line. Numbers in full: what is shown is what is stored. */
export function shownValue(value: unknown, kind?: string): string {
  // Live and latest values name a waveform without carrying its samples.
  if (kind === 'waveform' && (value === null || value === undefined)) return text('values.waveform')
  if (value === null || value === undefined) return text('values.none')
  if (kind === 'boolean' && (value === 0 || value === 1)) return value === 1 ? 'true' : 'false'
  if (kind === 'position' && typeof value === 'object') {
    const { latitude, longitude, altitude } = value as { latitude: number; longitude: number; altitude?: number }
    return [latitude, longitude, ...(altitude === undefined ? [] : [altitude])].join(', ')
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A number in a table that is looked at rather than copied: six significant digits. */
export const shownNumber = (value: number | null | undefined): string =>
  value === null || value === undefined ? text('values.none') : String(Number(value.toPrecision(6)))

/** OPC UA status codes carry their severity in the two topmost bits (Part 4, 7.39). */
export function shownQuality(quality: number): string {
  const name = (['values.good', 'values.uncertain', 'values.bad', 'values.bad'] as const)[quality >>> 30]!
  const plain = quality === 0 || quality === 0x40000000 || quality === 0x80000000
  return plain ? text(name) : `${text(name)} 0x${quality.toString(16).padStart(8, '0')}`
}

/** UCUM's "1" is no unit. */
export const shownUnit = (unit: string): string => (unit === '1' ? '' : unit)

const PREFIXES = ['B', 'kB', 'MB', 'GB', 'TB']

export function shownBytes(bytes: number): string {
  let size = bytes
  let at = 0
  while (size >= 1000 && at < PREFIXES.length - 1) {
    size /= 1000
    at += 1
  }
  return `${at === 0 ? size : size.toFixed(size < 10 ? 1 : 0)} ${PREFIXES[at]}`
}

/** The end of an id: enough to name one of a list, short enough to type. */
export const shortId = (id: string): string => id.slice(-6)
