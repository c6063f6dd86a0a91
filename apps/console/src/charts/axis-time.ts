import type { Formatter } from '../messages/format.ts'

/** Labels for a time axis (splits in seconds): clock times, with the date where the day changes; dates when days apart. */
export function timeLabels(
  splits: readonly number[],
  format: Pick<Formatter, 'time' | 'timeMillis' | 'date' | 'locale' | 'timeZone'>,
): string[] {
  const step = splits.length > 1 ? splits[1]! - splits[0]! : 60
  const zone = format.timeZone === undefined ? {} : { timeZone: format.timeZone }
  const day = new Intl.DateTimeFormat(format.locale, { ...zone, day: 'numeric', month: 'short' })
  const year = new Intl.DateTimeFormat(format.locale, { ...zone, month: 'short', year: 'numeric' })
  let last: string | undefined
  return splits.map((at) => {
    const micros = at * 1e6
    if (step >= 28 * 86_400) return year.format(at * 1000)
    const date = day.format(at * 1000)
    if (step >= 86_400) return date
    const fresh = last !== undefined && date !== last
    last = date
    const clock =
      step < 1 ? format.timeMillis(micros) : step < 60 ? format.time(micros) : format.time(micros).slice(0, 5)
    return fresh ? date : clock
  })
}
