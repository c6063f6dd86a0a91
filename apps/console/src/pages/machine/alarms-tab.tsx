import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { alarmsQuery } from '../../api/alarms.ts'
import { useCan } from '../../api/session.ts'
import type { Alarm, Asset } from '../../api/types.ts'
import { RangePicker } from '../../charts/range-picker.tsx'
import { spanOf } from '../../charts/time-range.ts'
import { useRange } from '../../charts/use-range.ts'
import { Stacked } from '../../components/page.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { DataTable } from '../../components/table.tsx'
import { t } from '../../messages/index.tsx'
import { AlarmDrawer } from '../alarms/alarm-drawer.tsx'
import { alarmColumns } from '../alarms/columns.tsx'
import { useAlarmActions } from '../alarms/use-alarm-actions.ts'

/** Alarms at and below a node: those that stand, and those of the shared time range. */
export function AlarmsTab({ node, standing }: { node: Asset; standing: readonly Alarm[] }) {
  const can = useCan()
  const actions = useAlarmActions()
  const [range] = useRange()
  const [now] = useState(() => Date.now() * 1000)
  const [open, setOpen] = useState<string>()
  const span = spanOf(range, now)
  const past = useQuery({
    ...alarmsQuery({
      state: 'all',
      under: node.id,
      from: Math.round(span.from),
      to: Math.round(Math.max(span.to, now)),
    }),
    refetchInterval: 15_000,
  })
  const acknowledge = can('alarm:acknowledge', node.path)
    ? (alarm: Alarm) => void actions.acknowledge([alarm])
    : undefined
  return (
    <Stacked>
      {standing.length > 0 && (
        <DataTable
          label={t('machine.standing')}
          name={`standing-${node.name}`}
          columns={alarmColumns(acknowledge)}
          rows={standing}
          rowKey={(alarm) => alarm.id}
          onOpen={(alarm) => setOpen(alarm.id)}
          filters={<strong>{t('machine.standing')}</strong>}
          empty={null}
        />
      )}
      <Loaded query={past}>
        {(data) => (
          <DataTable
            label={t('machine.alarmsIn')}
            name={`alarms-${node.name}`}
            columns={alarmColumns()}
            rows={data}
            rowKey={(alarm) => alarm.id}
            onOpen={(alarm) => setOpen(alarm.id)}
            initialSort={{ key: 'raised', down: false }}
            filters={
              <>
                <strong>{t('machine.alarmsIn')}</strong>
                <RangePicker />
              </>
            }
            empty={<EmptyState>{t('machine.noAlarmsIn')}</EmptyState>}
          />
        )}
      </Loaded>
      <AlarmDrawer id={open} onClose={() => setOpen(undefined)} />
    </Stacked>
  )
}
