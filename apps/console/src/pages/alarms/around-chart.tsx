import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { signalsQuery } from '../../api/assets.ts'
import type { Alarm } from '../../api/types.ts'
import { alarmMarks } from '../../charts/alarm-marks.ts'
import { ChartGroup } from '../../charts/chart-group.tsx'
import type { TimeRange } from '../../charts/time-range.ts'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import styles from './alarms.module.css'

const MINUTE = 60_000_000
const MOST = 6 * 60 * MINUTE

/** The rule's signals around the event; its range is its own, so that opening an alarm moves no other chart. */
export function AroundChart({ alarm }: { alarm: Alarm }) {
  const signals = useQuery(signalsQuery({ equipment: alarm.equipment }))
  const [range, setRange] = useState<TimeRange>(() => around(alarm, Date.now() * 1000))
  const marks = useMemo(() => alarmMarks([alarm]), [alarm])
  return (
    <Loaded query={signals} skeleton={<PanelSkeleton height={240} />}>
      {(all) => {
        const drawn = all.filter(
          (signal) => alarm.signals.includes(signal.id) && (signal.kind === 'number' || signal.kind === 'boolean'),
        )
        return (
          <div className={styles.chart}>
            <ChartGroup
              title={alarm.message || alarm.ruleName}
              signals={drawn}
              siblings={all}
              range={range}
              onRange={setRange}
              marks={marks}
              height={drawn.length > 1 ? 130 : 200}
              plain
            />
          </div>
        )
      }}
    </Loaded>
  )
}

/** A standing alarm is followed from before it was raised until now; one that ended is shown with some time on either side. */
function around(alarm: Alarm, now: number): TimeRange {
  const end = alarm.returnedAt ?? alarm.closedAt
  const lasted = (end ?? now) - alarm.raisedAt
  const before = Math.min(Math.max(5 * MINUTE, lasted * 0.3), 60 * MINUTE)
  if (end === undefined && lasted + before < MOST) return { kind: 'last', span: lasted + before }
  const to = end === undefined ? Math.min(now, alarm.raisedAt + MOST) : Math.min(now, end + before)
  return { kind: 'fixed', from: alarm.raisedAt - before, to }
}
