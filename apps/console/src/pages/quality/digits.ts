/** A measured dimension differs in its last digits: six that count, in the viewer's locale. */
export const digits = (value: number, locale: string): string =>
  new Intl.NumberFormat(locale, { maximumSignificantDigits: 6 }).format(value)
