import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { agentsQuery, connectionsQuery } from '../../api/connections.ts'
import { useCan } from '../../api/session.ts'
import { Age } from '../../components/marks.tsx'
import { Panel } from '../../components/page.tsx'
import { t } from '../../messages/index.tsx'
import { troubleOf } from '../agents/queue.ts'
import { CARE, needsCare, reasonOf, StateMark } from '../connections/state.tsx'
import styles from './overview.module.css'

const SHOWN = 5

/** Connections and edge agents that somebody must look at; nothing at all when there are none. */
export function Links() {
  const can = useCan()
  const connections = useQuery({ ...connectionsQuery(), enabled: can('connection:read'), refetchInterval: 15_000 })
  const agents = useQuery({ ...agentsQuery, enabled: can('device:read'), refetchInterval: 15_000 })
  const troubled = (connections.data ?? [])
    .filter((one) => one.enabled && needsCare(one))
    .sort((a, b) => CARE[a.status.state] - CARE[b.status.state])
  const away = (agents.data ?? []).filter((agent) => troubleOf(agent) !== undefined)
  const more = troubled.length + away.length - SHOWN
  if (troubled.length + away.length === 0) return null
  return (
    <Panel title={t('overview.links')} flush>
      <ul className={styles.list}>
        {troubled.slice(0, SHOWN).map((one) => (
          <li key={one.id}>
            <Link to="/data/connections/$id" params={{ id: one.id }} className={styles.alarm}>
              <StateMark state={one.status.state} />
              <span className={styles.alarmMain}>
                <span className={styles.alarmTitle}>
                  <b>{one.name}</b>
                </span>
                <span className={styles.alarmWhere}>{reasonOf(one)}</span>
              </span>
              <span className={styles.alarmAge}>
                <Age time={one.status.since} />
              </span>
            </Link>
          </li>
        ))}
        {away.slice(0, Math.max(0, SHOWN - troubled.length)).map((agent) => (
          <li key={agent.device}>
            <Link to="/fleet/agents/$id" params={{ id: agent.device }} className={styles.alarm}>
              <StateMark state={agent.online ? 'degraded' : 'waiting'} />
              <span className={styles.alarmMain}>
                <span className={styles.alarmTitle}>
                  <b>{agent.name}</b>
                </span>
                <span className={styles.alarmWhere}>{troubleOf(agent)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {more > 0 && <p className={styles.quiet}>{t('overview.linksMore', { n: more })}</p>}
    </Panel>
  )
}
