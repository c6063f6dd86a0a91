import type { Agent, Signal } from '../../api/types.ts'
import { ChartGroup } from '../../charts/chart-group.tsx'
import { RangePicker } from '../../charts/range-picker.tsx'
import { useRange } from '../../charts/use-range.ts'
import { Panel, Stacked } from '../../components/page.tsx'
import { useLiveSignals } from '../../live/use-latest.ts'
import { t } from '../../messages/index.tsx'
import { SignalTable } from '../data/signal-table.tsx'

const MOST = 8

/** What the gateway says of itself: processor, memory, disk, queue, temperature. */
export function Health({ agent, signals }: { agent: Agent; signals: readonly Signal[] }) {
  const [range, setRange] = useRange()
  useLiveSignals(signals)
  const drawn = signals.filter((signal) => signal.kind === 'number').slice(0, MOST)
  return (
    <Stacked>
      {drawn.length > 0 && (
        <Panel title={t('agents.health')} flush actions={<RangePicker />}>
          <ChartGroup
            title={t('agents.health')}
            signals={drawn}
            siblings={signals}
            range={range}
            onRange={setRange}
            height={140}
          />
        </Panel>
      )}
      <SignalTable signals={signals} name={`health-${agent.name}`} title={t('connections.signals')} />
    </Stacked>
  )
}
