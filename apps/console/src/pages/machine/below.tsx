import { PRIORITIES } from '@millwright/contracts/lists'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { standingQuery } from '../../api/alarms.ts'
import { devicesQuery } from '../../api/devices.ts'
import { useCan } from '../../api/session.ts'
import type { Asset } from '../../api/types.ts'
import { Panel } from '../../components/page.tsx'
import { PriorityShape } from '../../components/priority.tsx'
import { t } from '../../messages/index.tsx'
import { summaries } from '../machines/node-summary.ts'
import { childrenOf } from '../machines/tree-model.ts'
import styles from '../overview/overview.module.css'

/** The nodes right below, each with what stands there. */
export function Below({ node, tree }: { node: Asset; tree: readonly Asset[] }) {
  const can = useCan()
  const alarms = useQuery({ ...standingQuery, enabled: can('alarm:read') })
  const devices = useQuery({ ...devicesQuery(), enabled: can('device:read') })
  const marks = useMemo(() => summaries(tree, alarms.data ?? [], devices.data ?? []), [tree, alarms.data, devices.data])
  const children = useMemo(() => childrenOf(tree).get(node.id) ?? [], [tree, node.id])
  return (
    <Panel title={t('machine.below')} flush>
      <div className={styles.sites} style={{ borderTop: 0 }}>
        {children.map((child) => {
          const mark = marks.get(child.id)
          const machines = tree.filter(
            (one) => one.level === 'equipment' && one.id !== child.id && one.path.includes(child.id),
          ).length
          return (
            <Link key={child.id} to="/machines/$id" params={{ id: child.id }} className={styles.site}>
              <span className={styles.siteName}>{child.name}</span>
              <span className={styles.siteMarks}>
                {mark !== undefined &&
                  PRIORITIES.filter((priority) => mark.load[priority] > 0).map((priority) => (
                    <span key={priority} className={styles.siteMark}>
                      <PriorityShape priority={priority} size={16} />
                      {mark.load[priority]}
                      <span className="mw-hidden">{t(`priority.${priority}`)}</span>
                    </span>
                  ))}
                {mark === undefined && t('overview.siteQuiet')}
                {mark !== undefined && mark.offline > 0 && (
                  <span className={styles.off}>{t('overview.siteOffline', { n: mark.offline })}</span>
                )}
              </span>
              <span className={styles.note}>
                {child.level === 'equipment'
                  ? t('level.equipment')
                  : `${t(`level.${child.level}`)} · ${t('overview.machines', { n: machines })}`}
              </span>
            </Link>
          )
        })}
      </div>
    </Panel>
  )
}
