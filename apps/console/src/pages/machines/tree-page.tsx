import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { standingQuery } from '../../api/alarms.ts'
import { treeQuery } from '../../api/assets.ts'
import { devicesQuery } from '../../api/devices.ts'
import { useCan } from '../../api/session.ts'
import type { Asset } from '../../api/types.ts'
import { IconPlus } from '../../components/icons.ts'
import { Page, Panel } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { AssetTree } from './asset-tree.tsx'
import { FileMenu } from './file-menu.tsx'
import { MachinesNav } from './nav.tsx'
import styles from './tree.module.css'
import { openAtFirst, treeRows } from './tree-model.ts'
import { useNodeActions } from './use-node-actions.tsx'

const route = getRouteApi('/inside/machines')

/** The ISA-95 tree: find a machine, and keep the tree true. */
export function TreePage() {
  const can = useCan()
  const tree = useQuery(treeQuery)
  const actions = useNodeActions()
  const machines = tree.data?.filter((node) => node.level === 'equipment').length
  const sites = tree.data?.filter((node) => node.level === 'site').length
  return (
    <Page
      title={t('machines.title')}
      answer={
        machines !== undefined &&
        sites !== undefined &&
        t('machines.answer', { n: machines, sites: t('machines.sites', { n: sites }) })
      }
      tabs={<MachinesNav />}
      actions={
        <>
          <FileMenu />
          {can('asset:write') && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => actions.add(undefined)}>
              {t('machines.add')}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={tree}>
        {(data) =>
          data.length === 0 ? (
            <Panel>
              <EmptyState
                action={
                  can('asset:write') && <Button onClick={() => actions.add(undefined)}>{t('machines.addTop')}</Button>
                }
              >
                {t('machines.empty')}
              </EmptyState>
            </Panel>
          ) : (
            <Tree tree={data} actions={actions} />
          )
        }
      </Loaded>
      {actions.dialog}
    </Page>
  )
}

function Tree({ tree, actions }: { tree: readonly Asset[]; actions: ReturnType<typeof useNodeActions> }) {
  const can = useCan()
  const navigate = useNavigate()
  const { q = '' } = route.useSearch()
  const [open, setOpen] = useState<ReadonlySet<string>>(() => openAtFirst(tree))
  const alarms = useQuery({ ...standingQuery, enabled: can('alarm:read') })
  const devices = useQuery({ ...devicesQuery(), enabled: can('device:read') })
  const rows = useMemo(() => treeRows(tree, open, q), [tree, open, q])
  const setQuery = (query: string) =>
    void navigate({ to: '.', search: (held) => ({ ...held, q: query === '' ? undefined : query }), replace: true })
  return (
    <section className={styles.frame} aria-label={t('machines.treeLabel')}>
      <div className={styles.tools}>
        <SearchBox value={q} onChange={setQuery} label={t('machines.search')} width={320} />
        <Button variant="subtle" size="xs" onClick={() => setOpen(new Set(tree.map((node) => node.id)))}>
          {t('machines.expandAll')}
        </Button>
        <Button variant="subtle" size="xs" onClick={() => setOpen(new Set())}>
          {t('machines.collapseAll')}
        </Button>
      </div>
      {rows.length === 0 ? (
        <EmptyState>{t('machines.nothingFound', { query: q })}</EmptyState>
      ) : (
        <AssetTree
          tree={tree}
          rows={rows}
          open={open}
          onOpen={setOpen}
          alarms={alarms.data ?? []}
          devices={devices.data ?? []}
          actions={actions}
        />
      )}
    </section>
  )
}
