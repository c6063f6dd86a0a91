import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Suspense } from 'react'
import { standingQuery } from '../../api/alarms.ts'
import { treeQuery } from '../../api/assets.ts'
import { devicesQuery } from '../../api/devices.ts'
import { useCan, useSession } from '../../api/session.ts'
import type { Alarm, Asset } from '../../api/types.ts'
import { lazyPart } from '../../components/lazy-part.tsx'
import { LinkButton } from '../../components/link-button.tsx'
import { Columns, Page, Panel, Stacked } from '../../components/page.tsx'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { useNow } from '../../live/clock.ts'
import { byUrgency } from '../../live/standing.ts'
import { Say, t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { Changes } from './changes.tsx'
import { Links } from './links.tsx'
import { NeedsYou } from './needs-you.tsx'
import { Sites } from './sites.tsx'
import { Tiles } from './tiles.tsx'

const Load = lazyPart(() => import('./load.tsx').then((module) => module.Load))

/** What needs me, where, how the platform does, and what changed since I was last here. */
export function OverviewPage() {
  const can = useCan()
  const { tenant } = useSession()
  const tree = useQuery({ ...treeQuery, enabled: can('asset:read') })
  const alarms = useQuery({ ...standingQuery, enabled: can('alarm:read') })
  const devices = useQuery({ ...devicesQuery(), enabled: can('device:read') })
  return (
    <Page
      title={t('overview.title')}
      answer={tree.data && alarms.data && <Answer alarms={alarms.data} tree={tree.data} />}
    >
      {!can('asset:read') ? (
        <Panel>
          <EmptyState>{t('shell.noRole', { tenant: tenant.name })}</EmptyState>
        </Panel>
      ) : tree.data?.length === 0 ? (
        <Panel>
          <EmptyState action={<LinkButton to="/machines">{t('overview.emptyAction')}</LinkButton>}>
            {t('overview.empty')}
          </EmptyState>
        </Panel>
      ) : (
        <>
          <Tiles alarms={alarms.data} devices={devices.data} />
          <Columns wide>
            <Stacked>
              {can('alarm:read') && (
                <Loaded query={alarms} skeleton={<PanelSkeleton height={220} />}>
                  {(data) => <NeedsYou alarms={data} />}
                </Loaded>
              )}
              <Links />
              <Loaded query={tree} skeleton={<PanelSkeleton height={320} />}>
                {(data) => <Sites tree={data} alarms={alarms.data ?? []} devices={devices.data ?? []} />}
              </Loaded>
            </Stacked>
            <Stacked>
              {can('alarm:read') && (
                <Suspense fallback={<PanelSkeleton height={220} />}>
                  <Load />
                </Suspense>
              )}
              <Changes />
            </Stacked>
          </Columns>
        </>
      )}
    </Page>
  )
}

/** The sentence a person came for. */
function Answer({ alarms, tree }: { alarms: readonly Alarm[]; tree: readonly Asset[] }) {
  const now = useNow()
  const format = useFormat()
  const first = [...alarms].sort(byUrgency)[0]
  if (first === undefined) {
    return t('overview.quiet', { n: tree.filter((node) => node.level === 'equipment').length })
  }
  const machines = new Set(alarms.map((alarm) => alarm.equipment)).size
  return (
    <Say
      id="overview.attention"
      values={{
        n: machines,
        count: <b>{t('overview.attentionCount', { n: machines })}</b>,
        machine: (
          <Link to="/machines/$id" params={{ id: first.equipment }}>
            {first.equipmentName}
          </Link>
        ),
        what: <b>{first.message || first.ruleName}</b>,
        state: t(`alarmState.${first.state}`).toLocaleLowerCase(format.locale),
        age: format.duration(Math.max(0, now - first.raisedAt)),
      }}
    />
  )
}
