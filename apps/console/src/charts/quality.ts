import type { PlainKey } from '../messages/index.tsx'

/** Severity of an OPC UA status code: the top two bits (Part 4, 7.39). */
export type Severity = 'good' | 'uncertain' | 'bad'

export function severity(code: number): Severity {
  const top = code >>> 30
  return top === 0 ? 'good' : top === 1 ? 'uncertain' : 'bad'
}

const NAMES: Record<number, PlainKey> = {
  0: 'quality.good',
  10747904: 'quality.goodClamped',
  1083179008: 'quality.initialValue',
  1083113472: 'quality.notAccurate',
  1083244544: 'quality.unitsExceeded',
  1083310080: 'quality.subNormal',
  1073741824: 'quality.uncertain',
  1083047936: 'quality.lastUsable',
  1082982400: 'quality.noCommunicationLast',
  2147483648: 'quality.bad',
  2150694912: 'quality.noCommunication',
  2156527616: 'quality.deviceFailure',
  2156593152: 'quality.sensorFailure',
  2156724224: 'quality.outOfService',
  2156462080: 'quality.notConnected',
  2157641728: 'quality.noData',
  2150891520: 'quality.waiting',
}

/** The key of the words for a status code: its own where known, its severity's otherwise. */
export const qualityKey = (code: number): PlainKey => {
  const kind = severity(code)
  return NAMES[code] ?? (kind === 'good' ? 'quality.good' : kind === 'uncertain' ? 'quality.uncertain' : 'quality.bad')
}
