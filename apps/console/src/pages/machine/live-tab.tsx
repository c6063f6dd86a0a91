import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { alarmsQuery } from '../../api/alarms.ts'
import { useCan } from '../../api/session.ts'
import type { Asset, Signal } from '../../api/types.ts'
import { alarmMarks } from '../../charts/alarm-marks.ts'
import { ChartGroup } from '../../charts/chart-group.tsx'
import { RangePicker } from '../../charts/range-picker.tsx'
import { StateStrip } from '../../charts/state-strip.tsx'
import { spanOf, type TimeRange } from '../../charts/time-range.ts'
import { TrackView } from '../../charts/track-view.tsx'
import { useMovingSpan } from '../../charts/use-moving-span.ts'
import { useCompare, useRange } from '../../charts/use-range.ts'
import { useWidth } from '../../charts/use-width.ts'
import { WaveformView } from '../../charts/waveform-view.tsx'
import { JsonView } from '../../components/json-view.tsx'
import { Panel, Stacked } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useLatest } from '../../live/use-latest.ts'
import { t } from '../../messages/index.tsx'
import styles from './live-tab.module.css'
import { SignalChooser } from './signal-chooser.tsx'

const route = getRouteApi('/inside/machines/$id')
const FIRST = 4

/** The machine's signals over the shared time range, live at its end. */
export function LiveTab({ node, signals }: { node: Asset; signals: readonly Signal[] }) {
  const navigate = useNavigate()
  const can = useCan()
  const search = route.useSearch()
  const [range, setRange] = useRange()
  const [compare, setCompare] = useCompare()
  const lines = signals.filter((signal) => signal.kind === 'number')
  const chosen = useMemo(
    () => new Set(search.signals ?? lines.slice(0, FIRST).map((signal) => signal.id)),
    [search.signals, lines],
  )
  const drawn = useMemo(() => lines.filter((signal) => chosen.has(signal.id)), [lines, chosen])
  const choose = (next: readonly string[]) =>
    void navigate({ to: '.', search: (held) => ({ ...held, signals: [...next] }), replace: true, resetScroll: false })
  const anchor = useAnchorSpan(range)
  const alarms = useQuery({
    ...alarmsQuery({ state: 'all', under: node.id, ...anchor }),
    enabled: can('alarm:read'),
    refetchInterval: 15_000,
  })
  const marks = useMemo(() => alarmMarks(alarms.data ?? []), [alarms.data])
  const states = signals.filter((signal) => signal.kind === 'state' || signal.kind === 'boolean')
  return (
    <div className={styles.live}>
      <SignalChooser signals={signals} chosen={chosen} onChange={choose} />
      <Stacked>
        <Panel title={t('machine.chartOf', { name: node.name })} flush actions={<RangePicker />}>
          {drawn.length === 0 ? (
            <EmptyState>{signals.length === 0 ? t('machine.noSignals') : t('machine.chooseSome')}</EmptyState>
          ) : (
            <ChartGroup
              title={t('machine.chartOf', { name: node.name })}
              signals={drawn}
              siblings={signals}
              range={range}
              onRange={setRange}
              marks={marks}
              compare={compare}
              onCompare={setCompare}
            />
          )}
        </Panel>
        {states.length > 0 && <States signals={states} range={range} anchor={anchor} />}
        {signals.map((signal) =>
          signal.kind === 'waveform' ? (
            <Panel key={signal.id} title={t('machine.waveformOf', { signal: signal.name })} flush>
              <WaveformView signal={signal} span={anchor} />
            </Panel>
          ) : signal.kind === 'position' ? (
            <Panel key={signal.id} title={t('machine.track', { signal: signal.name })} flush>
              <TrackView signal={signal} span={anchor} name={node.name} />
            </Panel>
          ) : signal.kind === 'document' ? (
            <LatestDocument key={signal.id} signal={signal} />
          ) : null,
        )}
      </Stacked>
    </div>
  )
}

/** The range as it was when it was chosen: what lists and strips are read for, while the charts move on. */
function useAnchorSpan(range: TimeRange) {
  const key = range.kind === 'fixed' ? `${range.from}-${range.to}` : String(range.span)
  const [held, setHeld] = useState({ key, span: spanOf(range, Date.now() * 1000) })
  if (held.key === key) return held.span
  const span = spanOf(range, Date.now() * 1000)
  setHeld({ key, span })
  return span
}

function States({
  signals,
  range,
  anchor,
}: {
  signals: readonly Signal[]
  range: TimeRange
  anchor: { from: number; to: number }
}) {
  const { ref, width } = useWidth<HTMLDivElement>()
  const span = useMovingSpan(range, width)
  return (
    <Panel title={t('machine.statesAndMore')} flush>
      <div ref={ref} className={styles.states}>
        {width > 0 &&
          signals.map((signal) => (
            <StateStrip key={signal.id} signal={signal} span={span} anchor={anchor} width={width} />
          ))}
      </div>
    </Panel>
  )
}

function LatestDocument({ signal }: { signal: Signal }) {
  const value = useLatest(signal.id)
  if (value?.value == null) return null
  return (
    <Panel title={t('machine.documentOf', { signal: signal.name })}>
      <JsonView value={value.value} label={t('machine.documentOf', { signal: signal.name })} />
    </Panel>
  )
}
