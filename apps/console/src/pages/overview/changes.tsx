import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { eventsSinceQuery } from '../../api/platform.ts'
import { Age } from '../../components/marks.tsx'
import { Panel } from '../../components/page.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { groupEvents } from './group-events.ts'
import { noteVisit } from './last-visit.ts'
import styles from './overview.module.css'

/** What happened since this person was last here, by kind. */
export function Changes() {
  const [{ since, first }] = useState(() => noteVisit(Date.now() * 1000, localStorage))
  const events = useQuery(eventsSinceQuery(since))
  const format = useFormat()
  return (
    <Panel title={t('overview.changes')}>
      <p className={styles.note}>
        {first ? t('overview.firstVisit') : t('overview.changesSince', { time: format.dateShort(since) })}
      </p>
      <Loaded query={events} skeleton={<PanelSkeleton height={120} />}>
        {({ items, more }) =>
          items.length === 0 ? (
            <p style={{ marginTop: 8 }}>{t('overview.noChanges')}</p>
          ) : (
            <ul className={styles.changes}>
              {groupEvents(items).map((group) => (
                <li key={group.key} className={styles.change}>
                  <span>{t(`event.${group.key}`, { n: group.count })}</span>
                  <span className={styles.changeAge}>
                    <Age time={group.latest} />
                  </span>
                </li>
              ))}
              {more && <li className={styles.note}>{t('overview.moreChanges')}</li>}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}
