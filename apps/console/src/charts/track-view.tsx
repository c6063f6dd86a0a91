import { useQuery } from '@tanstack/react-query'
import { readingsQuery } from '../api/history.ts'
import type { Signal } from '../api/types.ts'
import { EmptyState, Loaded, PanelSkeleton } from '../components/states.tsx'
import { useLatest } from '../live/use-latest.ts'
import { t } from '../messages/index.tsx'
import { PositionMap } from './position-map.tsx'
import { type Place, placeOf } from './projection.ts'
import type { Span } from './time-range.ts'

/** Where something was in a time, and where it is now. */
export function TrackView({ signal, span, name }: { signal: Signal; span: Span; name: string }) {
  const readings = useQuery(readingsQuery(signal.id, Math.round(span.from), Math.round(span.to)))
  const now = placeOf(useLatest(signal.id)?.value)
  return (
    <Loaded query={readings} skeleton={<PanelSkeleton height={280} />}>
      {(items) => {
        const track = items
          .map((reading) => placeOf(reading.value))
          .filter((place): place is Place => place !== undefined)
        const here = now ?? track.at(-1)
        if (here === undefined) return <EmptyState>{t('chart.noReadings')}</EmptyState>
        return (
          <PositionMap
            label={t('machine.mapOf', { name })}
            height={280}
            track={track}
            markers={[{ id: signal.id, label: name, latitude: here.latitude, longitude: here.longitude }]}
          />
        )
      }}
    </Loaded>
  )
}
