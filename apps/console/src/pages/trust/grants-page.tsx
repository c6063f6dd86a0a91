import { Button, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { treeQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import { useCan } from '../../api/session.ts'
import { grantsQuery, rolesQuery, usersQuery } from '../../api/trust.ts'
import type { Grant } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { IconPlus } from '../../components/icons.ts'
import { NodePicker } from '../../components/node-picker.tsx'
import { Page } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { TrustNav } from './nav.tsx'

const route = getRouteApi('/inside/trust/grants')

/** Who has which role where. */
export function GrantsPage() {
  const can = useCan()
  const format = useFormat()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const confirm = useConfirm()
  const { q = '' } = route.useSearch()
  const grants = useQuery(grantsQuery)
  const users = useQuery(usersQuery)
  const roles = useQuery(rolesQuery)
  const tree = useQuery({ ...treeQuery, enabled: can('asset:read') })
  const [adding, setAdding] = useState(false)
  const userName = (grant: Grant) => users.data?.find((user) => user.id === grant.user)?.name ?? grant.user
  const roleName = (grant: Grant) => roles.data?.find((role) => role.id === grant.role)?.name ?? grant.role
  const nodeName = (grant: Grant) =>
    grant.node === null
      ? t('trust.everywhere')
      : (tree.data?.find((node) => node.id === grant.node)?.name ?? grant.node)
  const writes = can('role:write')
  const shown = (grants.data ?? []).filter((grant) =>
    `${userName(grant)} ${roleName(grant)} ${nodeName(grant)}`.toLowerCase().includes(q.toLowerCase()),
  )
  const take = (grant: Grant) =>
    confirm({
      title: t('trust.takeTitle', { role: roleName(grant), user: userName(grant) }),
      consequence: t('trust.takeConsequence'),
      action: t('trust.take'),
      danger: true,
      run: async () => {
        await api.deleteGrant({ params: { id: grant.id } })
        await queries.invalidateQueries({ queryKey: ['grants'] })
        tell(t('trust.taken'), { target: grant.id })
      },
    })
  const columns: Column<Grant>[] = [
    {
      key: 'user',
      title: t('trust.user'),
      width: 'minmax(150px, 1.2fr)',
      phone: 'title',
      sort: userName,
      text: userName,
      cell: (grant) => <strong>{userName(grant)}</strong>,
    },
    {
      key: 'role',
      title: t('trust.role'),
      width: 'minmax(130px, 1fr)',
      sort: roleName,
      text: roleName,
      cell: roleName,
    },
    {
      key: 'node',
      title: t('trust.node'),
      width: 'minmax(150px, 1.2fr)',
      sort: nodeName,
      text: nodeName,
      cell: nodeName,
    },
    {
      key: 'since',
      title: t('common.since'),
      width: '130px',
      sort: (grant) => grant.createdAt,
      text: (grant) => format.date(grant.createdAt),
      cell: (grant) => format.date(grant.createdAt),
    },
    ...(writes
      ? [
          {
            key: 'act',
            title: t('common.actions'),
            width: '130px',
            align: 'end' as const,
            cell: (grant: Grant) => (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`${t('trust.take')}: ${roleName(grant)}, ${userName(grant)}`}
                onClick={() => take(grant)}
              >
                {t('trust.take')}
              </Button>
            ),
          },
        ]
      : []),
  ]
  const add = writes && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t('trust.addGrant')}
    </Button>
  )
  return (
    <Page title={t('trust.title')} answer={t('trust.grantsAnswer')} tabs={<TrustNav />} actions={add}>
      <Loaded query={grants}>
        {() => (
          <DataTable
            label={t('trust.grantsLabel')}
            name="grants"
            columns={columns}
            rows={shown}
            rowKey={(grant) => grant.id}
            filters={
              <SearchBox
                value={q}
                label={t('common.search')}
                onChange={(query) =>
                  void navigate({ to: '.', search: (held) => ({ ...held, q: query || undefined }), replace: true })
                }
              />
            }
            empty={<EmptyState action={add}>{t('trust.grantsEmpty')}</EmptyState>}
          />
        )}
      </Loaded>
      {adding && <GrantDialog onClose={() => setAdding(false)} />}
    </Page>
  )
}

function GrantDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const users = useQuery(usersQuery)
  const roles = useQuery(rolesQuery)
  const [user, setUser] = useState<string | null>(null)
  const [role, setRole] = useState<string | null>(null)
  const [node, setNode] = useState<string | null>(null)
  const save = async () => {
    if (user === null || role === null) return
    const made = await api.createGrant({ body: { user, role, node } })
    await queries.invalidateQueries({ queryKey: ['grants'] })
    const names = {
      user: users.data?.find((one) => one.id === user)?.name ?? user,
      role: roles.data?.find((one) => one.id === role)?.name ?? role,
    }
    tell(t('trust.granted', names), { target: made.id })
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t('trust.addGrant')}
      action={t('trust.addGrant')}
      ready={user !== null && role !== null}
      onSubmit={save}
    >
      <Select
        label={t('trust.user')}
        data={(users.data ?? [])
          .filter((one) => one.state !== 'disabled')
          .map((one) => ({ value: one.id, label: `${one.name} (${one.email})` }))}
        value={user}
        onChange={setUser}
        searchable
        required
        data-autofocus
      />
      <Select
        label={t('trust.role')}
        data={(roles.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
        value={role}
        onChange={setRole}
        required
      />
      <NodePicker
        label={t('trust.node')}
        description={t('trust.nodeHelp')}
        placeholder={t('trust.everywhere')}
        value={node}
        onChange={setNode}
      />
    </FormDialog>
  )
}
