import type { WideValue } from '@millwright/connectivity'

/** A state, document or position as JSON text, for the snapshot; a waveform is not kept there. */
export function wideText(value: WideValue): string {
  switch (value.kind) {
    case 'state':
    case 'document':
      return JSON.stringify(value)
    case 'position': {
      const { kind, latitude, longitude, altitude } = value
      return JSON.stringify({ kind, latitude, longitude, altitude })
    }
    case 'waveform':
      return ''
  }
}

/** The value behind `wideText`; undefined for no text. */
export function wideFromText(text: string): WideValue | undefined {
  if (text === '') return undefined
  const value = JSON.parse(text) as WideValue
  return value.kind === 'position' ? { ...value, altitude: value.altitude } : value
}

/** What the API shows of a wide value; null for a waveform, which has its own query. */
export function wideShown(value: WideValue | undefined): unknown {
  if (value === undefined || value.kind === 'waveform') return null
  if (value.kind !== 'position') return value.value
  const { latitude, longitude, altitude } = value
  return altitude === undefined ? { latitude, longitude } : { latitude, longitude, altitude }
}
