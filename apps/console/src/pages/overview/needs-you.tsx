import { Link } from '@tanstack/react-router'
import type { Alarm } from '../../api/types.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { Age, SimulatedTag } from '../../components/marks.tsx'
import { Panel } from '../../components/page.tsx'
import { PriorityShape } from '../../components/priority.tsx'
import { byUrgency, needsAcknowledge } from '../../live/standing.ts'
import { t } from '../../messages/index.tsx'
import styles from './overview.module.css'

const SHOWN = 6

/** The standing alarms that matter most, worst first. */
export function NeedsYou({ alarms }: { alarms: readonly Alarm[] }) {
  const first = [...alarms].sort(byUrgency).slice(0, SHOWN)
  return (
    <Panel
      title={t('overview.needsYou')}
      flush
      actions={
        <LinkButton to="/alarms" variant="subtle" size="compact-sm">
          {t('overview.allAlarms')}
        </LinkButton>
      }
    >
      {first.length === 0 ? (
        <p className={styles.quiet}>{t('overview.nothingStands')}</p>
      ) : (
        <ul className={styles.list}>
          {first.map((alarm) => (
            <li key={alarm.id}>
              <Link to="/alarms" search={{ open: alarm.id }} className={styles.alarm}>
                <PriorityShape priority={alarm.priority} size={20} hollow={!needsAcknowledge(alarm)} />
                <span className={styles.alarmMain}>
                  <span className={styles.alarmTitle}>
                    <b>{alarm.equipmentName}</b> {alarm.message || alarm.ruleName}
                  </span>
                  <span className={styles.alarmWhere}>
                    {t(`priority.${alarm.priority}`)} · {t(`alarmState.${alarm.state}`)} ·{' '}
                    {alarm.equipmentPath.slice(0, -1).join(' / ')}
                  </span>
                </span>
                <span className={styles.alarmAge}>
                  <Age time={alarm.raisedAt} />
                  {alarm.simulated && (
                    <>
                      {' '}
                      <SimulatedTag />
                    </>
                  )}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
