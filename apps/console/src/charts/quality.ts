import type { PlainKey } from '../messages/index.tsx'

/** Severity of an OPC UA status code: the top two bits (Part 4, 7.39). */
export type Severity = 'good' | 'uncertain' | 'bad'

export function severity(code: number): Severity {
  const top = code >>> 30
  return top === 0 ? 'good' : top === 1 ? 'uncertain' : 'bad'
}

const NAMES: Record<number, PlainKey> = {
  0: 'quality.good',
  3145728: 'quality.goodClamped',
  1073741824: 'quality.uncertain',
  1083113472: 'quality.noCommunicationLast',
  1083179008: 'quality.lastUsable',
  1083244544: 'quality.substitute',
  1083310080: 'quality.initialValue',
  1083375616: 'quality.notAccurate',
  1083441152: 'quality.unitsExceeded',
  1083506688: 'quality.subNormal',
  2147483648: 'quality.bad',
  2150694912: 'quality.noCommunication',
  2150760448: 'quality.waiting',
  2151415808: 'quality.outOfRange',
  2156527616: 'quality.notConnected',
  2156593152: 'quality.deviceFailure',
  2156658688: 'quality.sensorFailure',
  2156724224: 'quality.outOfService',
  2157641728: 'quality.noData',
}

/** The key of the words for a status code: its own where known, its severity's otherwise. */
export const qualityKey = (code: number): PlainKey => {
  const kind = severity(code)
  return NAMES[code] ?? (kind === 'good' ? 'quality.good' : kind === 'uncertain' ? 'quality.uncertain' : 'quality.bad')
}
