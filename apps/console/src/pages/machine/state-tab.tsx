import { Button } from '@mantine/core'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { classesQuery } from '../../api/assets.ts'
import { useCan } from '../../api/session.ts'
import type { Alarm, Asset, Signal } from '../../api/types.ts'
import { PositionMap } from '../../charts/position-map.tsx'
import { placeOf } from '../../charts/projection.ts'
import { Columns, Facts, Panel, Stacked } from '../../components/page.tsx'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { useLatest } from '../../live/use-latest.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { NeedsYou } from '../overview/needs-you.tsx'
import { Below } from './below.tsx'
import { ValueCards } from './value-cards.tsx'

interface StateTabProps {
  node: Asset
  alarms: readonly Alarm[]
  signals: UseQueryResult<Signal[]>
  tree: readonly Asset[]
}

/** What stands, what is measured now, and what the thing is. */
export function StateTab({ node, alarms, signals, tree }: StateTabProps) {
  const hasBelow = tree.some((one) => one.parent === node.id)
  return (
    <Columns wide>
      <Stacked>
        {alarms.length > 0 && <NeedsYou alarms={alarms} />}
        {hasBelow && <Below node={node} tree={tree} />}
        {(node.level === 'equipment' || (signals.data?.length ?? 0) > 0) && (
          <Panel title={t('machine.values')} flush>
            <Loaded query={signals} skeleton={<PanelSkeleton height={200} />}>
              {(data) =>
                data.length === 0 ? (
                  <EmptyState>{t('machine.noSignals')}</EmptyState>
                ) : (
                  <ValueCards node={node} signals={data} />
                )
              }
            </Loaded>
          </Panel>
        )}
      </Stacked>
      <Stacked>
        <NodeFacts node={node} signals={signals.data ?? []} />
      </Stacked>
    </Columns>
  )
}

function NodeFacts({ node, signals }: { node: Asset; signals: readonly Signal[] }) {
  const can = useCan()
  const navigate = useNavigate()
  const format = useFormat()
  const classes = useQuery(classesQuery)
  const kind = classes.data?.find((one) => one.id === node.equipmentClass)
  const missing = kind?.signals.filter((wanted) => !signals.some((signal) => signal.name === wanted.name)) ?? []
  return (
    <>
      <Panel
        title={t('machine.facts')}
        actions={
          can('rule:write', node.path) &&
          node.level === 'equipment' && (
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() =>
                void navigate({ to: '/alarms/rules/$id', params: { id: 'new' }, search: { equipment: node.id } })
              }
            >
              {t('machine.addRule')}
            </Button>
          )
        }
      >
        <Facts
          items={[
            node.description !== '' && [t('common.description'), node.description],
            node.level === 'equipment' && [
              t('machine.class'),
              kind === undefined ? (
                t('machine.noClass')
              ) : (
                <Link key="class" to="/machines/classes" search={{ open: kind.id }}>
                  {kind.name}
                </Link>
              ),
            ],
            kind !== undefined &&
              kind.signals.length > 0 && [
                t('machine.expected'),
                missing.length === 0
                  ? t('machine.expectedAll', { n: kind.signals.length })
                  : t('machine.expectedMissing', { names: missing.map((one) => one.name).join(', ') }),
              ],
            ...Object.entries(node.metadata).map(([key, value]) => [key, value] as const),
            [t('common.created'), format.date(node.createdAt)],
          ]}
        />
      </Panel>
      <PositionPanel node={node} signals={signals} />
    </>
  )
}

/** Where it stands: the live position when it has one, its place in the tree otherwise. */
function PositionPanel({ node, signals }: { node: Asset; signals: readonly Signal[] }) {
  const moving = signals.find((signal) => signal.kind === 'position')
  const value = useLatest(moving?.id ?? '')
  const here = placeOf(value?.value) ?? node.position
  if (here === null) return null
  return (
    <Panel title={t('machine.position')} flush>
      <PositionMap
        label={t('machine.mapOf', { name: node.name })}
        height={200}
        markers={[{ id: node.id, label: node.name, latitude: here.latitude, longitude: here.longitude }]}
      />
    </Panel>
  )
}
