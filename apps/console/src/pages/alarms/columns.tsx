import { Button } from '@mantine/core'
import type { Alarm } from '../../api/types.ts'
import { Age, SimulatedTag } from '../../components/marks.tsx'
import { PriorityMark, StateMark } from '../../components/priority.tsx'
import type { Column } from '../../components/table.tsx'
import { needsAcknowledge } from '../../live/standing.ts'
import { t } from '../../messages/index.tsx'
import styles from './alarms.module.css'

const RANK = { critical: 0, high: 1, medium: 2, low: 3 }

/** The columns of a list of alarms; with `onAcknowledge` each waiting one carries its button. */
export function alarmColumns(onAcknowledge?: (alarm: Alarm) => void): Column<Alarm>[] {
  return [
    {
      key: 'priority',
      title: t('alarms.priority'),
      width: '110px',
      sort: (alarm) => RANK[alarm.priority],
      text: (alarm) => t(`priority.${alarm.priority}`),
      cell: (alarm) => <PriorityMark priority={alarm.priority} acknowledged={!needsAcknowledge(alarm)} />,
    },
    {
      key: 'machine',
      title: t('alarms.machine'),
      width: 'minmax(120px, 1fr)',
      phone: 'title',
      sort: (alarm) => alarm.equipmentName,
      text: (alarm) => alarm.equipmentName,
      cell: (alarm) => <span className={styles.machine}>{alarm.equipmentName}</span>,
    },
    {
      key: 'alarm',
      title: t('alarms.alarm'),
      width: 'minmax(220px, 3fr)',
      sort: (alarm) => alarm.message || alarm.ruleName,
      text: (alarm) => alarm.message || alarm.ruleName,
      cell: (alarm) => (
        <span className={styles.message}>
          <span className={styles.text} title={alarm.message || alarm.ruleName}>
            {alarm.message || alarm.ruleName}
          </span>
          {alarm.simulated && <SimulatedTag />}
        </span>
      ),
    },
    {
      key: 'state',
      title: t('alarms.state'),
      width: '150px',
      sort: (alarm) => alarm.state,
      text: (alarm) => t(`alarmState.${alarm.state}`),
      cell: (alarm) => <StateMark state={alarm.state} />,
    },
    {
      key: 'where',
      title: t('alarms.where'),
      width: 'minmax(120px, 1.2fr)',
      phone: 'hidden',
      sort: (alarm) => alarm.equipmentPath.join('/'),
      text: (alarm) => alarm.equipmentPath.join(' / '),
      cell: (alarm) => alarm.equipmentPath.slice(0, -1).join(' / '),
    },
    {
      key: 'raised',
      title: t('alarms.raised'),
      width: '120px',
      sort: (alarm) => -alarm.raisedAt,
      text: (alarm) => new Date(alarm.raisedAt / 1000).toISOString(),
      cell: (alarm) => <Age time={alarm.raisedAt} />,
    },
    {
      key: 'acknowledgedBy',
      title: t('alarms.acknowledgedBy'),
      width: '140px',
      optional: true,
      phone: 'hidden',
      sort: (alarm) => alarm.acknowledgedBy,
      text: (alarm) => alarm.acknowledgedBy,
      cell: (alarm) => alarm.acknowledgedBy ?? t('common.none'),
    },
    ...(onAcknowledge === undefined
      ? []
      : [
          {
            key: 'act',
            title: t('common.actions'),
            width: '130px',
            align: 'end' as const,
            cell: (alarm: Alarm) =>
              needsAcknowledge(alarm) && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => onAcknowledge(alarm)}
                  aria-label={`${t('alarms.acknowledge')}: ${alarm.equipmentName}, ${alarm.message || alarm.ruleName}`}
                >
                  {t('alarms.acknowledge')}
                </Button>
              ),
          },
        ]),
  ]
}
