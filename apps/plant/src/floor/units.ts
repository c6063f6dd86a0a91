/** UN/CEFACT Recommendation 20 codes, as OPC UA names units (Part 8, 5.6.3), of the units that the plant's signals have. */
const CODES: Readonly<Record<string, readonly [code: string, shown: string]>> = {
  '/min': ['RPM', '1/min'],
  '%': ['P1', '%'],
  A: ['AMP', 'A'],
  Cel: ['CEL', '°C'],
  Hz: ['HTZ', 'Hz'],
  V: ['VLT', 'V'],
  bar: ['BAR', 'bar'],
  deg: ['DD', '°'],
  h: ['HUR', 'h'],
  kW: ['KWT', 'kW'],
  'kW.h': ['KWH', 'kWh'],
  'kV.A': ['KVA', 'kVA'],
  'kV.A.h': ['C79', 'kVAh'],
  kg: ['KGM', 'kg'],
  km: ['KMT', 'km'],
  'km/h': ['KMH', 'km/h'],
  'm/s2': ['MSK', 'm/s²'],
  'm3/h': ['MQH', 'm³/h'],
  'm3/min': ['G53', 'm³/min'],
  mm: ['MMT', 'mm'],
  'mm/min': ['H81', 'mm/min'],
  'mm/s': ['C16', 'mm/s'],
  s: ['SEC', 's'],
}

/** Code and sign of a UCUM unit; undefined for a number without a unit. */
export const commonCode = (ucum: string): readonly [code: string, shown: string] | undefined => CODES[ucum]
