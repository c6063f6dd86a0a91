import { useQuery } from '@tanstack/react-query'
import { lifePredictionsQuery, lifeQuery } from '../../api/life.ts'
import { useCan } from '../../api/session.ts'
import type { Asset } from '../../api/types.ts'
import { Panel, Stacked } from '../../components/page.tsx'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { LifePanels } from './life-panels.tsx'

/** How healthy the machine is, how long it lasts, and when to stop it. */
export function HealthTab({ node }: { node: Asset }) {
  const can = useCan()
  const may = can('service:read', node.path)
  const predictions = useQuery({ ...lifePredictionsQuery(node.id), enabled: may })
  if (!may) return <Empty>{t('life.needsService')}</Empty>
  return (
    <Loaded query={predictions} skeleton={<PanelSkeleton height={420} />}>
      {(items) =>
        items.length === 0 ? (
          <Empty>{node.level === 'equipment' ? t('life.noService') : t('life.notForGroups')}</Empty>
        ) : (
          <Stacked>
            {items.map(({ service }) => (
              <One key={service} service={service} />
            ))}
          </Stacked>
        )
      }
    </Loaded>
  )
}

function One({ service }: { service: string }) {
  const life = useQuery(lifeQuery(service))
  return (
    <Loaded query={life} skeleton={<PanelSkeleton height={420} />}>
      {(data) => <LifePanels life={data} />}
    </Loaded>
  )
}

const Empty = ({ children }: { children: string }) => (
  <Panel>
    <EmptyState>{children}</EmptyState>
  </Panel>
)
