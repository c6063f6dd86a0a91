import { isUnit } from '@millwright/foundation'

/** How units stand in gateways' configurations, where it is not their UCUM code. `C` and `F` are degrees there. */
const SPOKEN: Readonly<Record<string, string>> = {
  '°c': 'Cel',
  'º c': 'Cel',
  c: 'Cel',
  degc: 'Cel',
  'deg c': 'Cel',
  celsius: 'Cel',
  '°f': '[degF]',
  f: '[degF]',
  degf: '[degF]',
  'deg f': '[degF]',
  fahrenheit: '[degF]',
  psi: '[psi]',
  rpm: '/min',
  '1/min': '/min',
  'u/min': '/min',
  '%rh': '%',
  'm³/h': 'm3/h',
  'm³': 'm3',
  'm²': 'm2',
  'l/min': 'L/min',
  gpm: '[gal_us]/min',
  amps: 'A',
  volts: 'V',
  watts: 'W',
  sec: 's',
  hrs: 'h',
  kwh: 'kW.h',
  µm: 'um',
  'm/s²': 'm/s2',
  ohm: 'Ohm',
  ω: 'Ohm',
}

/** The UCUM code of a unit as gateways write it; undefined when it is not known. */
export function ucumOf(text: string): string | undefined {
  const spoken = SPOKEN[text.toLowerCase()]
  // Capital letters tell apart: `mW` is no `MW`; only what is spelt in words is taken whatever its case.
  if (spoken !== undefined) return spoken
  return text.length <= 40 && isUnit(text) ? text : undefined
}
