import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { given } from '../../api/client.ts'
import type { VibrationMap } from '../../api/types.ts'
import { spectrogramQuery, waterfallQuery } from '../../api/vibration.ts'
import { spanOf, type TimeRange } from '../../charts/time-range.ts'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { MapPlot, strongest } from './map-plot.tsx'
import styles from './vibration.module.css'

/** How the spectrum changes within one recording. */
export function SpectrogramPanel({ signal, at }: { signal: string; at: number | undefined }) {
  const query = useQuery(spectrogramQuery({ signal, ...given({ at }) }))
  return (
    <Loaded query={query} skeleton={<PanelSkeleton height={360} />}>
      {(map) => <Drawn map={map} view="spectrogram" />}
    </Loaded>
  )
}

/** How it changes from recording to recording: one is chosen by its column. */
export function WaterfallPanel({
  signal,
  range,
  onTime,
}: {
  signal: string
  range: TimeRange
  onTime: (time: number) => void
}) {
  const { from, to } = useSteadySpan(range)
  const query = useQuery(waterfallQuery({ signal, from, to, kind: 'envelope' }))
  return (
    <Loaded query={query} skeleton={<PanelSkeleton height={360} />}>
      {(map) =>
        map.times.length < 2 ? (
          <EmptyState>{t('vibration.waterfallEmpty')}</EmptyState>
        ) : (
          <Drawn map={map} view="waterfall" onTime={onTime} />
        )
      }
    </Loaded>
  )
}

/** The range as it was when it was chosen: a waterfall is read in many parts, and does not move along. */
function useSteadySpan(range: TimeRange) {
  const key = range.kind === 'fixed' ? `${range.from}-${range.to}` : String(range.span)
  const [held, setHeld] = useState(() => ({ key, span: spanOf(range, Date.now() * 1000) }))
  const span = held.key === key ? held.span : spanOf(range, Date.now() * 1000)
  if (held.key !== key) setHeld({ key, span })
  return { from: Math.round(span.from), to: Math.round(span.to) }
}

function Drawn({
  map,
  view,
  onTime,
}: {
  map: VibrationMap
  view: 'waterfall' | 'spectrogram'
  onTime?: (time: number) => void
}) {
  const format = useFormat()
  const most = format.number(strongest(map.amplitude))
  const unit = format.unit(map.unit)
  return (
    <>
      <div className={styles.ramp}>
        <span>{t('vibration.quiet')}</span>
        <span className={styles.rampBar} aria-hidden />
        <span>{t('vibration.loud', { most, unit })}</span>
        {onTime !== undefined && <span>{t('vibration.mapHint')}</span>}
      </div>
      <MapPlot
        map={map}
        {...(onTime && { onTime })}
        label={t('vibration.mapLabel', {
          view: t(`vibration.view.${view}`),
          columns: map.times.length,
          from: format.timeMillis(map.times[0] ?? 0),
          to: format.timeMillis(map.times.at(-1) ?? 0),
          highest: format.number(map.rows * map.step),
          most,
          unit,
        })}
      />
    </>
  )
}
