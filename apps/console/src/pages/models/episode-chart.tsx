import { useMemo, useState } from 'react'
import type { Episode, Service, Signal } from '../../api/types.ts'
import { ChartGroup } from '../../charts/chart-group.tsx'
import type { TimeRange } from '../../charts/time-range.ts'
import { t } from '../../messages/index.tsx'
import { mainOutput } from './condition.ts'
import { episodeMarks } from './episode-marks.ts'
import styles from './models.module.css'

const MINUTE = 60_000_000
const MOST_SIGNALS = 4

interface EpisodeChartProps {
  service: Service
  episode: Episode
  signals: readonly Signal[]
}

/** The score and the signals that make the episode, with some time on either side; its range is its own. */
export function EpisodeChart({ service, episode, signals }: EpisodeChartProps) {
  const [range, setRange] = useState<TimeRange>(() => around(episode, Date.now() * 1000))
  const marks = useMemo(() => episodeMarks([episode], service), [episode, service])
  const drawn = useMemo(() => {
    const score = mainOutput(service)?.signal
    const named = episode.signals.slice(0, MOST_SIGNALS).map(({ name }) => name)
    return signals
      .filter(
        ({ id, name, kind }) => (kind === 'number' || kind === 'boolean') && (id === score || named.includes(name)),
      )
      .sort((a, b) => Number(b.id === score) - Number(a.id === score))
  }, [service, episode, signals])
  if (drawn.length === 0) return null
  return (
    <div className={styles.chartFrame}>
      <ChartGroup
        title={t('models.episodeAround')}
        signals={drawn}
        siblings={signals}
        range={range}
        onRange={setRange}
        marks={marks}
        height={150}
        plain
      />
    </div>
  )
}

function around({ from, to }: Episode, now: number): TimeRange {
  const lasted = (to ?? now) - from
  const margin = Math.min(Math.max(2 * MINUTE, lasted * 0.5), 120 * MINUTE)
  if (to === null) return { kind: 'last', span: lasted + margin }
  return { kind: 'fixed', from: from - margin, to: Math.min(now, to + margin) }
}
