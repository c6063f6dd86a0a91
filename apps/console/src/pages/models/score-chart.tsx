import { useMemo } from 'react'
import type { Episode, Service, Signal } from '../../api/types.ts'
import { ChartGroup } from '../../charts/chart-group.tsx'
import { useRange } from '../../charts/use-range.ts'
import { t } from '../../messages/index.tsx'
import { mainOutput, scoreLimits } from './condition.ts'
import { episodeMarks } from './episode-marks.ts'

interface ScoreChartProps {
  service: Service
  signals: readonly Signal[]
  episodes: readonly Episode[]
}

/** The main result over the shared time range, live at its end, with its threshold and its episodes. */
export function ScoreChart({ service, signals, episodes }: ScoreChartProps) {
  const [range, setRange] = useRange()
  const main = mainOutput(service)
  const drawn = useMemo(() => signals.filter(({ id }) => id === main?.signal), [signals, main?.signal])
  const marks = useMemo(() => episodeMarks(episodes, service), [episodes, service])
  return (
    <ChartGroup
      title={t('models.chartOf', { output: main?.name ?? '' })}
      signals={drawn}
      siblings={signals}
      range={range}
      onRange={setRange}
      marks={marks}
      limits={scoreLimits(service)}
      height={240}
    />
  )
}
