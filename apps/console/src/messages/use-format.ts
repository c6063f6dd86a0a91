import { useMemo } from 'react'
import { usePreferences } from '../app/preferences.ts'
import { type Formatter, makeFormatter } from './format.ts'
import { locale } from './index.tsx'

let held: { key: string; formatter: Formatter } | undefined

/** The formatter of the viewer's locale, time zone and units. */
export function useFormat(): Formatter {
  const kept = usePreferences()
  return useMemo(() => {
    const key = `${locale()}|${kept.timeZone}|${kept.units}`
    if (held?.key !== key) {
      held = {
        key,
        formatter: makeFormatter({
          locale: locale(),
          timeZone: kept.timeZone === '' ? undefined : kept.timeZone,
          units: kept.units,
        }),
      }
    }
    return held.formatter
  }, [kept])
}
