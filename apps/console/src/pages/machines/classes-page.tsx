import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { classesQuery, treeQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import { useCan } from '../../api/session.ts'
import type { EquipmentClass } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { IconFileImport, IconPlus } from '../../components/icons.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { limits } from '../data/limits.ts'
import styles from '../fleet/fleet.module.css'
import { ClassDialog } from './class-dialog.tsx'
import { MachinesNav } from './nav.tsx'
import { NodeSetDialog } from './nodeset-dialog.tsx'

const route = getRouteApi('/inside/machines/classes')
/** Companion files bring hundreds: those are searched, not scrolled. */
const MOST = 40
const SEARCH_FROM = 8

/** What each kind of machine is expected to have. */
export function ClassesPage() {
  const can = useCan()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const confirm = useConfirm()
  const { open, add, q = '' } = route.useSearch()
  const [importing, setImporting] = useState(false)
  const classes = useQuery(classesQuery)
  const tree = useQuery(treeQuery)
  const counts = useMemo(() => {
    const out = new Map<string, number>()
    for (const node of tree.data ?? [])
      if (node.equipmentClass !== null) out.set(node.equipmentClass, (out.get(node.equipmentClass) ?? 0) + 1)
    return out
  }, [tree.data])
  const set = (change: { open?: string | undefined; add?: true | undefined; q?: string | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true })
  const remove = (one: EquipmentClass) =>
    confirm({
      title: t('classes.deleteTitle', { name: one.name }),
      consequence: t('classes.deleteConsequence'),
      action: t('common.delete'),
      danger: true,
      run: async () => {
        await api.deleteClass({ params: { id: one.id } })
        await queries.invalidateQueries({ queryKey: ['classes'] })
        tell(t('classes.deleted', { name: one.name }), { target: one.id })
      },
    })
  const writes = can('asset:write')
  const addButton = writes && (
    <>
      <Button
        variant="default"
        leftSection={<IconFileImport size={16} aria-hidden />}
        onClick={() => setImporting(true)}
      >
        {t('classes.nodeSets')}
      </Button>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => set({ add: true })}>
        {t('classes.add')}
      </Button>
    </>
  )
  const fitting = (classes.data ?? []).filter(({ name }) => name.toLowerCase().includes(q.toLowerCase()))
  const shown = fitting.slice(0, MOST)
  return (
    <Page title={t('classes.title')} answer={t('classes.answer')} tabs={<MachinesNav />} actions={addButton}>
      <Loaded query={classes}>
        {(data) => (
          <>
            {data.length === 0 && (
              <Panel>
                <EmptyState action={addButton}>{t('classes.empty')}</EmptyState>
              </Panel>
            )}
            {data.length > SEARCH_FROM && (
              <SearchBox value={q} onChange={(query) => set({ q: query || undefined })} label={t('classes.search')} />
            )}
            {data.length > 0 && shown.length === 0 && (
              <Panel>
                <EmptyState>{t('classes.notFound', { query: q })}</EmptyState>
              </Panel>
            )}
            {shown.map((one) => (
              <Panel
                key={one.id}
                title={one.name}
                flush
                actions={
                  <>
                    <Link to="/machines/table" search={{ equipmentClass: one.id }}>
                      {t('classes.machineCount', { n: counts.get(one.id) ?? 0 })}
                    </Link>
                    {can('rule:write') && (
                      <LinkButton
                        size="compact-sm"
                        variant="default"
                        to="/alarms/rules/$id"
                        params={{ id: 'new' }}
                        search={{ equipmentClass: one.id }}
                      >
                        {t('classes.newRule')}
                      </LinkButton>
                    )}
                    {writes && (
                      <>
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={t('classes.edit', { name: one.name })}
                          onClick={() => set({ open: one.id })}
                        >
                          {t('common.edit')}
                        </Button>
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={`${t('common.delete')}: ${one.name}`}
                          onClick={() => remove(one)}
                        >
                          {t('common.delete')}
                        </Button>
                      </>
                    )}
                  </>
                }
              >
                {one.description !== '' && <p style={{ padding: '10px 16px 0' }}>{one.description}</p>}
                <Expected one={one} />
              </Panel>
            ))}
            {fitting.length > MOST && <p>{t('classes.some', { shown: MOST, total: fitting.length })}</p>}
            <NodeSetDialog opened={importing} onClose={() => setImporting(false)} />
            <ClassDialog
              key={open ?? String(add)}
              existing={data.find((one) => one.id === open)}
              opened={add === true || (writes && data.some((one) => one.id === open))}
              onClose={() => set({ open: undefined, add: undefined })}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Expected({ one }: { one: EquipmentClass }) {
  const format = useFormat()
  if (one.signals.length === 0) return null
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className={styles.diff}>
        <thead>
          <tr>
            <th scope="col">{t('classes.signalName')}</th>
            <th scope="col">{t('classes.kind')}</th>
            <th scope="col">{t('classes.unit')}</th>
            <th scope="col">{t('signal.limits')}</th>
            <th scope="col">{t('common.description')}</th>
          </tr>
        </thead>
        <tbody>
          {one.signals.map((signal) => (
            <tr key={signal.name}>
              <th scope="row">{signal.name}</th>
              <td>{t(`kind.${signal.kind}`)}</td>
              <td>{signal.unit}</td>
              <td>{limits(signal, format.number) || t('common.none')}</td>
              <td>{signal.description ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
