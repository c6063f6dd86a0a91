import { Button, Drawer, Textarea } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { alarmQuery, journalQuery } from '../../api/alarms.ts'
import { useCan } from '../../api/session.ts'
import type { Alarm } from '../../api/types.ts'
import { lazyPart } from '../../components/lazy-part.tsx'
import { When } from '../../components/marks.tsx'
import { Facts } from '../../components/page.tsx'
import { PriorityMark, StateMark } from '../../components/priority.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { tellError } from '../../components/tell.tsx'
import { isShelved, needsAcknowledge } from '../../live/standing.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './alarms.module.css'
import { ShelveDialog } from './shelve-dialog.tsx'
import { useAlarmActions } from './use-alarm-actions.ts'

const AlarmEpisode = lazyPart(() => import('../models/alarm-episode.tsx').then((module) => module.AlarmEpisode))
const AroundChart = lazyPart(() => import('./around-chart.tsx').then((module) => module.AroundChart))

/** One alarm beside the list: what to do, what was measured, what happened. */
export function AlarmDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const narrow = useMediaQuery('(max-width: 720px)') ?? false
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      size={narrow ? '100%' : 640}
      title={t('alarms.alarm')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {id !== undefined && <Body key={id} id={id} />}
    </Drawer>
  )
}

function Body({ id }: { id: string }) {
  const alarm = useQuery(alarmQuery(id))
  return (
    <Loaded query={alarm} skeleton={<PanelSkeleton height={400} />}>
      {(data) => <Details alarm={data} />}
    </Loaded>
  )
}

function Details({ alarm }: { alarm: Alarm }) {
  const format = useFormat()
  const can = useCan()
  return (
    <div className={styles.drawer}>
      <div>
        <div className={styles.head}>
          <PriorityMark priority={alarm.priority} acknowledged={!needsAcknowledge(alarm)} />
          <StateMark state={alarm.state} />
        </div>
        <h2 className={styles.title}>
          {alarm.equipmentName}: {alarm.message || alarm.ruleName}
        </h2>
        <p className={styles.muted}>{alarm.equipmentPath.join(' / ')}</p>
      </div>
      {can('alarm:acknowledge') && <Act alarm={alarm} />}
      <section className={styles.section}>
        <h3>{t('alarms.response')}</h3>
        <p className={styles.response}>{alarm.response || t('alarms.noResponse')}</p>
      </section>
      {alarm.rule !== null && can('service:read') && (
        <Suspense>
          <AlarmEpisode alarm={alarm} rule={alarm.rule} />
        </Suspense>
      )}
      {alarm.signals.length > 0 && can('signal:read') && (
        <section className={styles.section}>
          <h3>{t('alarms.around')}</h3>
          <Suspense fallback={<PanelSkeleton height={240} />}>
            <AroundChart alarm={alarm} />
          </Suspense>
        </section>
      )}
      {Object.keys(alarm.values).length > 0 && (
        <section className={styles.section}>
          <h3>{t('alarms.values')}</h3>
          <Facts
            items={Object.entries(alarm.values).map(([name, value]) => [
              name,
              typeof value === 'number' ? format.number(value) : String(value),
            ])}
          />
        </section>
      )}
      <section className={styles.section}>
        <h3>{t('alarms.facts')}</h3>
        <Facts
          items={[
            [
              t('alarms.rule'),
              alarm.rule !== null && can('rule:read') ? (
                <Link key="rule" to="/alarms/rules/$id" params={{ id: alarm.rule }}>
                  {alarm.ruleName}
                </Link>
              ) : (
                alarm.ruleName
              ),
            ],
            [t('alarms.raised'), format.dateTime(alarm.raisedAt)],
            [
              t('alarms.returned'),
              alarm.returnedAt === undefined ? t('alarms.returnedNot') : format.dateTime(alarm.returnedAt),
            ],
            alarm.acknowledgedAt !== undefined && [
              t('alarms.acknowledgedBy'),
              `${alarm.acknowledgedBy ?? ''}, ${format.dateTime(alarm.acknowledgedAt)}`,
            ],
            alarm.shelvedUntil !== undefined && [
              t('alarms.shelvedUntil'),
              t('alarms.shelvedBy', { time: format.dateTime(alarm.shelvedUntil), name: alarm.shelvedBy ?? '' }),
            ],
            alarm.closedAt !== undefined && [t('alarms.closed'), format.dateTime(alarm.closedAt)],
          ]}
        />
        <p style={{ marginTop: 12 }}>
          <Link to="/machines/$id" params={{ id: alarm.equipment }} search={{ tab: 'live', signals: alarm.signals }}>
            {t('alarms.openMachine', { machine: alarm.equipmentName })}
          </Link>
        </p>
      </section>
      <Journal alarm={alarm} />
    </div>
  )
}

/** Acknowledge, reset, comment; a comment may go along with either. */
function Act({ alarm }: { alarm: Alarm }) {
  const actions = useAlarmActions()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [shelving, setShelving] = useState(false)
  const waits = needsAcknowledge(alarm)
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await work()
      setText('')
    } catch (error) {
      tellError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className={styles.section}>
      <Textarea
        aria-label={t('alarms.commentLabel')}
        placeholder={t('alarms.commentPlaceholder')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={4000}
        autosize
        minRows={1}
        mb={8}
      />
      <div className={styles.actions}>
        {waits && (
          <Button loading={busy} onClick={() => void run(() => actions.acknowledge([alarm], text.trim()))}>
            {text.trim() === '' ? t('alarms.acknowledge') : t('alarms.withComment')}
          </Button>
        )}
        {alarm.state === 'latched' && (
          <Button loading={busy} onClick={() => void run(() => actions.reset(alarm, text.trim()))}>
            {t('alarms.reset')}
          </Button>
        )}
        {alarm.closedAt === undefined &&
          (isShelved(alarm) ? (
            <Button variant="default" loading={busy} onClick={() => void run(() => actions.bringBack(alarm))}>
              {t('alarms.unshelve')}
            </Button>
          ) : (
            <Button variant="default" onClick={() => setShelving(true)}>
              {t('alarms.shelve')}
            </Button>
          ))}
        <Button
          variant="default"
          disabled={text.trim() === '' || busy}
          onClick={() => void run(() => actions.comment(alarm, text.trim()))}
        >
          {t('alarms.commentAdd')}
        </Button>
      </div>
      <ShelveDialog alarms={shelving ? [alarm] : []} onClose={() => setShelving(false)} />
    </section>
  )
}

function Journal({ alarm }: { alarm: Alarm }) {
  const journal = useInfiniteQuery(journalQuery({ alarm: alarm.id }, 100))
  return (
    <section className={styles.section}>
      <h3>{t('alarms.history')}</h3>
      <Loaded query={journal} skeleton={<PanelSkeleton height={80} />}>
        {({ pages }) => (
          <ol className={styles.timeline}>
            {pages
              .flatMap((page) => page.items)
              .map((entry) => (
                <li key={entry.id}>
                  <div className={styles.line}>
                    <b>{t(`transition.${entry.transition}`)}</b>
                    <span className={styles.muted}>
                      <When time={entry.time} /> · {entry.by}
                    </span>
                  </div>
                  {entry.comment !== undefined && entry.comment !== '' && (
                    <p className={styles.comment}>{entry.comment}</p>
                  )}
                </li>
              ))}
          </ol>
        )}
      </Loaded>
    </section>
  )
}
