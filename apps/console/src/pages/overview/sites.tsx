import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { PRIORITIES } from '../../api/lists.ts'
import type { Alarm, Asset, Device } from '../../api/types.ts'
import { type Marker, PositionMap } from '../../charts/position-map.tsx'
import { Panel } from '../../components/page.tsx'
import { PriorityShape } from '../../components/priority.tsx'
import { t } from '../../messages/index.tsx'
import styles from './overview.module.css'
import { summarise } from './site-summary.ts'

/** Where: the sites on a map and as cards. */
export function Sites({
  tree,
  alarms,
  devices,
}: {
  tree: readonly Asset[]
  alarms: readonly Alarm[]
  devices: readonly Device[]
}) {
  const navigate = useNavigate()
  const sites = useMemo(() => summarise(tree, alarms, devices), [tree, alarms, devices])
  const markers: Marker[] = sites.flatMap(({ site, worst }) =>
    site.position === null
      ? []
      : [
          {
            ...site.position,
            id: site.id,
            label: site.name,
            ...(worst === undefined ? {} : { mark: <PriorityShape priority={worst} size={18} /> }),
            onOpen: () => void navigate({ to: '/machines/$id', params: { id: site.id } }),
          },
        ],
  )
  return (
    <Panel title={t('overview.sites')} flush>
      {markers.length > 0 ? (
        <PositionMap label={t('overview.map')} markers={markers} />
      ) : (
        <p className={styles.quiet}>{t('overview.noPositions')}</p>
      )}
      <div className={styles.sites}>
        {sites.map(({ site, machines, load, worst, offline }) => (
          <Link key={site.id} to="/machines/$id" params={{ id: site.id }} className={styles.site}>
            <span className={styles.siteName}>{site.name}</span>
            <span className={styles.siteMarks}>
              {PRIORITIES.filter((priority) => load[priority] > 0).map((priority) => (
                <span key={priority} className={styles.siteMark} title={t(`priority.${priority}`)}>
                  <PriorityShape priority={priority} size={16} />
                  {load[priority]}
                  <span className="mw-hidden">{t(`priority.${priority}`)}</span>
                </span>
              ))}
              {worst === undefined && offline === 0 && t('overview.siteQuiet')}
              {offline > 0 && <span className={styles.off}>{t('overview.siteOffline', { n: offline })}</span>}
            </span>
            <span className={styles.note}>{t('overview.machines', { n: machines })}</span>
          </Link>
        ))}
      </div>
    </Panel>
  )
}
