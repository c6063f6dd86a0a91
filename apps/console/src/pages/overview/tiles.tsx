import { PRIORITIES } from '@millwright/contracts/lists'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { dataHealthQuery } from '../../api/history.ts'
import { useCan } from '../../api/session.ts'
import type { Alarm, Device } from '../../api/types.ts'
import { Sparkline } from '../../charts/sparkline.tsx'
import { PriorityShape } from '../../components/priority.tsx'
import { countByPriority, needsAcknowledge } from '../../live/standing.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './overview.module.css'

/** The figures of the moment, each a way in. */
export function Tiles({
  alarms,
  devices,
}: {
  alarms: readonly Alarm[] | undefined
  devices: readonly Device[] | undefined
}) {
  const can = useCan()
  const format = useFormat()
  const load = alarms && countByPriority(alarms)
  const waiting = alarms?.filter(needsAcknowledge).length ?? 0
  const offline = devices?.filter((device) => device.connection.state === 'offline').length ?? 0
  return (
    <div className={styles.tiles}>
      {can('alarm:read') && (
        <Tile
          label={t('overview.standing')}
          note={waiting > 0 ? t('overview.waiting', { n: waiting }) : t('overview.allAcknowledged')}
        >
          <div className={styles.load}>
            {PRIORITIES.map((priority) => (
              <Link
                key={priority}
                to="/alarms"
                search={{ priority }}
                className={styles.loadItem}
                data-none={load?.[priority] === 0 || undefined}
              >
                <PriorityShape priority={priority} size={18} hollow={load?.[priority] === 0} />
                <span className={styles.figure}>{load?.[priority] ?? t('common.none')}</span>
                <span className={styles.loadWord}>{t(`priority.${priority}`)}</span>
              </Link>
            ))}
          </div>
        </Tile>
      )}
      {can('device:read') && (
        <Tile label={t('overview.devices')} note={t('overview.ofDevices', { n: devices?.length ?? 0 })}>
          <Link
            to="/fleet"
            search={{ connection: 'offline' }}
            className={`${styles.figure} ${offline > 0 ? styles.off : ''}`}
          >
            {devices === undefined ? t('common.none') : format.integer(offline)}
          </Link>
        </Tile>
      )}
      {can('signal:read') && <Ingest />}
    </div>
  )
}

function Tile({ label, note, children }: { label: string; note: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.tile} aria-label={label}>
      <h2 className={styles.tileLabel}>{label}</h2>
      {children}
      <p className={styles.note}>{note}</p>
    </section>
  )
}

const KEPT = 90

/** How many readings come in, with its last minutes as a line. */
function Ingest() {
  const format = useFormat()
  const { data, dataUpdatedAt } = useQuery(dataHealthQuery)
  const [line, setLine] = useState<{ time: number[]; value: number[] }>({ time: [], value: [] })
  const seen = useRef(0)
  useEffect(() => {
    if (data === undefined || dataUpdatedAt === seen.current) return
    seen.current = dataUpdatedAt
    setLine(({ time, value }) => ({
      time: [...time.slice(-KEPT), dataUpdatedAt],
      value: [...value.slice(-KEPT), data.pointsPerSecond],
    }))
  }, [data, dataUpdatedAt])
  const note =
    data === undefined
      ? ''
      : data.state === 'ok'
        ? t('overview.stored', { points: format.compact(data.points), bytes: format.bytes(data.bytes) })
        : data.state === 'slow'
          ? t('overview.storeSlow', { reason: data.reason ?? '' })
          : t('overview.storeFailing', { reason: data.reason ?? '' })
  return (
    <Tile
      label={t('overview.ingest')}
      note={<span className={data !== undefined && data.state !== 'ok' ? styles.off : ''}>{note}</span>}
    >
      <div className={styles.ingest}>
        <Link to="/data" className={styles.figure}>
          {data === undefined ? t('common.none') : format.integer(data.pointsPerSecond)}
        </Link>
        <Sparkline time={line.time} value={line.value} width={120} height={28} />
      </div>
    </Tile>
  )
}
