/** Base units of Prometheus' naming conventions (prometheus.io, "Metric and label naming") -> UCUM. */
const UNITS: Readonly<Record<string, string>> = {
  seconds: 's',
  milliseconds: 'ms',
  bytes: 'By',
  celsius: 'Cel',
  kelvin: 'K',
  ratio: '1',
  percent: '%',
  volts: 'V',
  amperes: 'A',
  watts: 'W',
  joules: 'J',
  grams: 'g',
  kilograms: 'kg',
  meters: 'm',
  hertz: 'Hz',
  pascals: 'Pa',
  newtons: 'N',
  ohms: 'Ohm',
}

/** The unit that a metric's name ends with: `node_cpu_seconds_total` is in seconds; its `_bucket` and `_count` count. */
export function unitOf(name: string): string | undefined {
  if (/_(bucket|count)$/.test(name)) return undefined
  const word = /_([a-z]+)(?:_total|_sum|_max|_min|_avg)?$/.exec(name)?.[1]
  return word !== undefined && Object.hasOwn(UNITS, word) ? UNITS[word] : undefined
}
