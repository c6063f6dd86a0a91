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

/** Three digits: what stands beside an uncertainty needs no more. */
export const rounded = (value: number): number => Number(value.toPrecision(3))
