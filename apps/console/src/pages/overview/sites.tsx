import { PRIORITIES } from '@millwright/contracts/lists'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Alarm, Asset, Device, Priority } from '../../api/types.ts'
import { type Marker, PositionMap } from '../../charts/position-map.tsx'
import { Panel } from '../../components/page.tsx'
import { PriorityShape } from '../../components/priority.tsx'
import { countByPriority } from '../../live/standing.ts'
import { t } from '../../messages/index.tsx'
import styles from './overview.module.css'
import { summarise } from './site-summary.ts'

const mark = (worst: Priority | undefined): Pick<Marker, 'mark' | 'rank'> =>
  worst === undefined ? {} : { mark: <PriorityShape priority={worst} size={18} />, rank: PRIORITIES.indexOf(worst) }

const worstOf = (alarms: readonly Alarm[]): Priority | undefined => {
  const load = countByPriority(alarms)
  return PRIORITIES.find((priority) => load[priority] > 0)
}

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
  // One site alone says little: then the nodes below it that have a position of their own stand on the map as well.
  const only = sites.length === 1 ? sites[0]!.site : undefined
  const below: Marker[] = tree.flatMap((node) =>
    only === undefined || node.id === only.id || node.position === null || !node.path.includes(only.id)
      ? []
      : [
          {
            ...node.position,
            id: node.id,
            label: node.name,
            ...mark(worstOf(alarms.filter((alarm) => alarm.equipment === node.id))),
            onOpen: () => void navigate({ to: '/machines/$id', params: { id: node.id } }),
          },
        ],
  )
  const places: Marker[] = sites.flatMap(({ site, worst }) =>
    site.position === null
      ? []
      : [
          {
            ...site.position,
            id: site.id,
            label: site.name,
            ...mark(worst),
            onOpen: () => void navigate({ to: '/machines/$id', params: { id: site.id } }),
          },
        ],
  )
  const markers = below.length > 0 ? below : places
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
