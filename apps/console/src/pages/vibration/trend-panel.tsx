import type { Service, Signal } from '../../api/types.ts'
import { ChartGroup } from '../../charts/chart-group.tsx'
import { useRange } from '../../charts/use-range.ts'
import { EmptyState } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'

/** Outputs of a vibration service whose course tells how a fault grows. */
const DRAWN: readonly string[] = ['velocity', 'outer race', 'inner race', 'rolling element', 'kurtosis']

export function TrendPanel({
  service,
  signals,
  name,
}: {
  service: Service | undefined
  signals: readonly Signal[]
  name: string
}) {
  const [range, setRange] = useRange()
  const ids = new Set(service?.outputs.filter((output) => DRAWN.includes(output.name)).map(({ signal }) => signal))
  const drawn = signals.filter((signal) => ids.has(signal.id))
  if (drawn.length === 0) return <EmptyState>{t('vibration.trendEmpty')}</EmptyState>
  return (
    <ChartGroup
      title={t('vibration.trendOf', { name })}
      signals={drawn}
      siblings={signals}
      range={range}
      onRange={setRange}
    />
  )
}
