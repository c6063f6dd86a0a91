import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { lifePredictionsQuery, lifeQuery } from '../../api/life.ts'
import { useCan } from '../../api/session.ts'
import type { Asset } from '../../api/types.ts'
import { LinkButton } from '../../components/link-button.tsx'
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
          <Nothing node={node} />
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

function Nothing({ node }: { node: Asset }) {
  const can = useCan()
  if (node.level !== 'equipment') return <Empty>{t('life.notForGroups')}</Empty>
  return (
    <Empty
      action={
        can('service:write', node.path) && (
          <LinkButton to="/models/new" search={{ kind: 'life', equipment: node.id }}>
            {t('life.setUp')}
          </LinkButton>
        )
      }
    >
      {t('life.noService')}
    </Empty>
  )
}

const Empty = ({ children, action }: { children: string; action?: ReactNode }) => (
  <Panel>
    <EmptyState action={action}>{children}</EmptyState>
  </Panel>
)
