/** How a UCUM code is written for people, and what it becomes for a viewer of US customary units. */
export type UnitSystem = 'metric' | 'imperial'

interface Shown {
  readonly label: string
  readonly to: (value: number) => number
  readonly from: (value: number) => number
}

const LABELS: Record<string, string> = {
  '1': '',
  Cel: '°C',
  '[degF]': '°F',
  K: 'K',
  '%': '%',
  'm/s2': 'm/s²',
  'm3/h': 'm³/h',
  'm3/min': 'm³/min',
  m3: 'm³',
  m2: 'm²',
  'L/min': 'L/min',
  'l/min': 'L/min',
  um: 'µm',
  us: 'µs',
  deg: '°',
  Ohm: 'Ω',
  kOhm: 'kΩ',
  '[g]': 'g',
  '{rpm}': 'rpm',
  '/min': '/min',
  'kW.h': 'kWh',
  'W.h': 'Wh',
  'V.A': 'VA',
  'kV.A': 'kVA',
  '[psi]': 'psi',
  '[in_i]': 'in',
  '[lb_av]': 'lb',
  '[mi_i]/h': 'mph',
  '{count}': '',
  '{parts}': 'parts',
}

const linear = (label: string, factor: number): Shown => ({ label, to: (v) => v * factor, from: (v) => v / factor })

const IMPERIAL: Record<string, Shown> = {
  Cel: { label: '°F', to: (v) => v * 1.8 + 32, from: (v) => (v - 32) / 1.8 },
  bar: linear('psi', 14.503773773),
  mbar: linear('psi', 0.014503773773),
  kPa: linear('psi', 0.14503773773),
  MPa: linear('psi', 145.03773773),
  Pa: linear('psi', 0.00014503773773),
  mm: linear('in', 1 / 25.4),
  um: linear('mil', 1 / 25.4),
  m: linear('ft', 1 / 0.3048),
  km: linear('mi', 1 / 1.609344),
  'mm/s': linear('in/s', 1 / 25.4),
  'm/s': linear('ft/s', 1 / 0.3048),
  'km/h': linear('mph', 1 / 1.609344),
  kg: linear('lb', 1 / 0.45359237),
  'm3/h': linear('gal/min', 4.402867539),
  'L/min': linear('gal/min', 0.26417205236),
  'l/min': linear('gal/min', 0.26417205236),
  L: linear('gal', 0.26417205236),
  N: linear('lbf', 0.22480894387),
  'N.m': linear('lbf·ft', 0.73756214728),
}

const same = (value: number) => value

/** The label of a unit and the way of a stored value to the shown one and back. */
export function shownUnit(unit: string, system: UnitSystem): Shown {
  const other = system === 'imperial' ? IMPERIAL[unit] : undefined
  return other ?? { label: unitLabel(unit), to: same, from: same }
}

/** A UCUM code as people write it: annotations lose their braces, dots between units become a middle dot. */
export function unitLabel(unit: string): string {
  return (
    LABELS[unit] ??
    unit
      .replace(/^\{(.*)\}$/, '$1')
      .replaceAll('.', '·')
      .replaceAll(/[[\]]/g, '')
  )
}
