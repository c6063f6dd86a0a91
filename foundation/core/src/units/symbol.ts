/** UCUM codes that people write in another way. */
const SYMBOLS: Readonly<Record<string, string>> = {
  '1': '',
  Cel: '°C',
  '[degF]': '°F',
  deg: '°',
  Ohm: 'Ω',
  um: 'µm',
  '[rpm]': 'rpm',
  '/min': '1/min',
  'kW.h': 'kWh',
  'W.h': 'Wh',
}

/** How people write a unit, as `m³/h` for `m3/h`; empty for `1`. Sentences of alarms and services use it. */
export const unitSymbol = (ucum: string): string =>
  SYMBOLS[ucum] ?? ucum.replace(/(?<=[a-zA-Z])2(?![\dA-Za-z])/g, '²').replace(/(?<=[a-zA-Z])3(?![\dA-Za-z])/g, '³')
