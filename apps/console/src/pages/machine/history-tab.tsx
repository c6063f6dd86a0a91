import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { journalQuery } from '../../api/alarms.ts'
import { commandsQuery, devicesQuery } from '../../api/devices.ts'
import { eventsOfQuery } from '../../api/platform.ts'
import { useCan } from '../../api/session.ts'
import type { Asset } from '../../api/types.ts'
import { When } from '../../components/marks.tsx'
import { Panel } from '../../components/page.tsx'
import { PriorityMark } from '../../components/priority.tsx'
import { EmptyState, RowsSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import styles from '../alarms/alarms.module.css'
import { groupEvents } from '../overview/group-events.ts'
import { type Happening, timeline } from './timeline.ts'

const DEVICES_READ = 10

/** One time line for everything that happened to a machine. */
export function HistoryTab({ node }: { node: Asset }) {
  const can = useCan()
  const journal = useInfiniteQuery({ ...journalQuery({ under: node.id }), enabled: can('alarm:read') })
  const devices = useQuery({ ...devicesQuery({ equipment: node.id }), enabled: can('device:read') })
  const own = useMemo(() => (devices.data ?? []).slice(0, DEVICES_READ), [devices.data])
  const commands = useQueries({ queries: own.map((device) => commandsQuery(device.id)) })
  const subjects = [{ id: node.id, name: node.name }, ...own]
  const events = useQueries({ queries: subjects.map((subject) => eventsOfQuery(subject.id)) })
  const happenings = timeline({
    transitions: journal.data?.pages.flatMap((page) => page.items) ?? [],
    commands: commands.flatMap((query) => query.data ?? []),
    events: events.flatMap((query, index) =>
      (query.data ?? []).map((event) => ({ event, name: subjects[index]!.name })),
    ),
  })
  return (
    <Panel title={t('machine.history')}>
      {journal.isPending && can('alarm:read') ? (
        <RowsSkeleton />
      ) : happenings.length === 0 ? (
        <EmptyState>{t('machine.historyEmpty')}</EmptyState>
      ) : (
        <ol className={styles.timeline}>
          {happenings.slice(0, 500).map((happening) => (
            <li key={`${happening.kind}-${happening.id}`}>
              <Line happening={happening} />
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

function Line({ happening }: { happening: Happening }) {
  const when = (
    <span className={styles.muted}>
      <When time={happening.time} />
    </span>
  )
  if (happening.kind === 'alarm') {
    const { transition } = happening
    return (
      <>
        <div className={styles.line}>
          <PriorityMark priority={transition.priority} acknowledged={transition.transition !== 'raised'} />
          <b>{t(`transition.${transition.transition}`)}</b>
          <span>{transition.message || transition.ruleName}</span>
          <span className={styles.muted}>{transition.by}</span>
          {when}
        </div>
        {transition.comment !== undefined && transition.comment !== '' && (
          <p className={styles.comment}>{transition.comment}</p>
        )}
      </>
    )
  }
  if (happening.kind === 'command') {
    const { name, requestedBy, state } = happening.command
    return (
      <div className={styles.line}>
        <b>{t('machine.kind.command')}</b>
        <span>{t('machine.commandLine', { name, by: requestedBy, state: t(`command.state.${state}`) })}</span>
        {when}
      </div>
    )
  }
  const key = groupEvents([happening.event])[0]!.key
  return (
    <div className={styles.line}>
      <span>{t('machine.eventOf', { what: t(`event.${key}`, { n: 1 }), name: happening.name })}</span>
      {when}
    </div>
  )
}
