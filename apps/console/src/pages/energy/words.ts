import type { Formatter } from '../../messages/format.ts'

/** kWh, in MWh from ten of them on. */
export function energyOf(kWh: number, { number, unit }: Formatter): string {
  const large = Math.abs(kWh) >= 10_000
  return `${number(rounded(large ? kWh / 1000 : kWh))} ${unit(large ? 'MW.h' : 'kW.h')}`
}

export const money = (value: number, currency: string, locale: string): string =>
  new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0,
  }).format(value)

/** `120 ± 0.97 kWh`: as many digits as the uncertainty gives a meaning to. */
export function withUncertainty(kWh: number, half: number, { locale, unit }: Formatter): string {
  const [size, code] = Math.abs(kWh) >= 10_000 ? [0.001, 'MW.h'] : Math.abs(kWh) < 0.1 ? [1000, 'W.h'] : [1, 'kW.h']
  const [value, by] = [kWh * size!, half * size!] as const
  const places = by > 0 ? Math.min(3, Math.max(0, 1 - Math.floor(Math.log10(by)))) : 0
  const figure = new Intl.NumberFormat(locale, { maximumFractionDigits: places, minimumFractionDigits: places })
  return `${figure.format(value)} ± ${figure.format(by)} ${unit(code)}`
}

/** Three digits: what stands beside an uncertainty needs no more. */
export const rounded = (value: number): number => Number(value.toPrecision(3))
