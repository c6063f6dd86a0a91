import { ActionIcon, Button, Menu, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { api } from '../../api/client.ts'
import { useCan, useSession } from '../../api/session.ts'
import { grantsQuery, rolesQuery, usersQuery } from '../../api/trust.ts'
import type { User } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { IconDots, IconUserPlus } from '../../components/icons.ts'
import { Age, Tag } from '../../components/marks.tsx'
import { Page } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { tell, tellError } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import styles from '../fleet/fleet.module.css'
import { LinkDialog, type SignInLink } from './link-dialog.tsx'
import { TrustNav } from './nav.tsx'

const route = getRouteApi('/inside/trust/users')

/** The people of this tenant. */
export function UsersPage() {
  const can = useCan()
  const navigate = useNavigate()
  const { user: me } = useSession()
  const { q = '', add } = route.useSearch()
  const users = useQuery(usersQuery)
  const grants = useQuery(grantsQuery)
  const roles = useQuery(rolesQuery)
  const [link, setLink] = useState<SignInLink>()
  const [renaming, setRenaming] = useState<User>()
  const rolesOf = useMemo(() => {
    const names = new Map(roles.data?.map((role) => [role.id, role.name]))
    const out = new Map<string, string>()
    for (const [user, held] of Map.groupBy(grants.data ?? [], (grant) => grant.user)) {
      out.set(user, [...new Set(held.map((grant) => names.get(grant.role) ?? ''))].join(', '))
    }
    return out
  }, [grants.data, roles.data])
  const shown = (users.data ?? []).filter((user) =>
    `${user.name} ${user.email}`.toLowerCase().includes(q.toLowerCase()),
  )
  const set = (change: { q?: string | undefined; add?: true | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true })
  const writes = can('user:write')
  const columns: Column<User>[] = [
    {
      key: 'name',
      title: t('trust.name'),
      width: 'minmax(150px, 1.3fr)',
      phone: 'title',
      sort: (user) => user.name,
      text: (user) => user.name,
      cell: (user) => (
        <span className={styles.name}>
          <strong>{user.name}</strong>
          {user.id === me.id && <Tag>{t('trust.me')}</Tag>}
        </span>
      ),
    },
    {
      key: 'email',
      title: t('trust.email'),
      width: 'minmax(180px, 1.5fr)',
      sort: (user) => user.email,
      text: (user) => user.email,
      cell: (user) => user.email,
    },
    {
      key: 'roles',
      title: t('trust.rolesOf'),
      width: 'minmax(140px, 1.2fr)',
      sort: (user) => rolesOf.get(user.id),
      text: (user) => rolesOf.get(user.id),
      cell: (user) => rolesOf.get(user.id) ?? t('common.none'),
    },
    {
      key: 'state',
      title: t('trust.state'),
      width: '110px',
      sort: (user) => user.state,
      text: (user) => t(`trust.userState.${user.state}`),
      cell: (user) => t(`trust.userState.${user.state}`),
    },
    {
      key: 'last',
      title: t('trust.lastSignIn'),
      width: '140px',
      align: 'end',
      sort: (user) => user.lastSignInAt,
      text: (user) => (user.lastSignInAt === undefined ? '' : new Date(user.lastSignInAt / 1000).toISOString()),
      cell: (user) => <Age time={user.lastSignInAt} />,
    },
    ...(writes
      ? [
          {
            key: 'act',
            title: t('common.actions'),
            width: '72px',
            align: 'end' as const,
            cell: (user: User) => (
              <UserMenu user={user} isMe={user.id === me.id} onLink={setLink} onRename={setRenaming} />
            ),
          },
        ]
      : []),
  ]
  return (
    <Page
      title={t('trust.title')}
      tabs={<TrustNav />}
      answer={
        users.data &&
        t('trust.usersAnswer', {
          n: users.data.length,
          active: users.data.filter((user) => user.state === 'active').length,
        })
      }
      actions={
        writes && (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => set({ add: true })}>
            {t('trust.invite')}
          </Button>
        )
      }
    >
      <Loaded query={users}>
        {() => (
          <DataTable
            label={t('trust.usersLabel')}
            name="users"
            columns={columns}
            rows={shown}
            rowKey={(user) => user.id}
            filters={
              <SearchBox
                value={q}
                onChange={(query) => set({ q: query || undefined })}
                label={t('trust.searchUsers')}
              />
            }
            empty={<EmptyState>{t('trust.usersEmpty', { query: q })}</EmptyState>}
          />
        )}
      </Loaded>
      {add === true && writes && <InviteDialog onClose={() => set({ add: undefined })} onLink={setLink} />}
      {renaming !== undefined && <RenameDialog user={renaming} onClose={() => setRenaming(undefined)} />}
      <LinkDialog made={link} onClose={() => setLink(undefined)} />
    </Page>
  )
}

function UserMenu({
  user,
  isMe,
  onLink,
  onRename,
}: {
  user: User
  isMe: boolean
  onLink: (link: SignInLink) => void
  onRename: (user: User) => void
}) {
  const queries = useQueryClient()
  const confirm = useConfirm()
  const change = async (state: 'active' | 'disabled') => {
    await api.updateUser({ params: { id: user.id }, body: { state }, ifMatch: user.version })
    await queries.invalidateQueries({ queryKey: ['users'] })
    tell(state === 'active' ? t('trust.enabled', { name: user.name }) : t('trust.disabled', { name: user.name }), {
      target: user.id,
    })
  }
  const makeLink = async () => {
    const { link, expiresAt } = await api.createSignInLink({ params: { id: user.id } })
    onLink({ name: user.name, link, expiresAt })
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="md" aria-label={`${t('common.moreActions')}: ${user.name}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onRename(user)}>{t('trust.rename')}</Menu.Item>
        {user.state !== 'disabled' && (
          <Menu.Item onClick={() => void makeLink().catch(tellError)}>{t('trust.newLink')}</Menu.Item>
        )}
        {!isMe &&
          (user.state === 'disabled' ? (
            <Menu.Item onClick={() => void change('active').catch(tellError)}>{t('trust.enable')}</Menu.Item>
          ) : (
            <Menu.Item
              color="red"
              onClick={() =>
                confirm({
                  title: t('trust.disableTitle', { name: user.name }),
                  consequence: t('trust.disableConsequence'),
                  action: t('trust.disable'),
                  danger: true,
                  run: () => change('disabled'),
                })
              }
            >
              {t('trust.disable')}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function InviteDialog({ onClose, onLink }: { onClose: () => void; onLink: (link: SignInLink) => void }) {
  const can = useCan()
  const queries = useQueryClient()
  const roles = useQuery(rolesQuery)
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<string | null>(null)
  const invite = async () => {
    const { user, link } = await api.createUser({ body: { email: email.trim(), name: name.trim() } })
    if (role !== null) await api.createGrant({ body: { user: user.id, role, node: null } })
    await queries.invalidateQueries({ queryKey: ['users'] })
    await queries.invalidateQueries({ queryKey: ['grants'] })
    tell(t('trust.invited', { name: user.name }), { target: user.id })
    onLink({ name: user.name, link, expiresAt: undefined })
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t('trust.invite')}
      action={t('trust.inviteAction')}
      ready={name.trim() !== '' && /.+@.+/.test(email)}
      onSubmit={invite}
    >
      <TextInput
        label={t('trust.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={120}
        required
        data-autofocus
      />
      <TextInput
        label={t('trust.email')}
        type="email"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        maxLength={254}
        required
      />
      {can('role:write') && (
        <Select
          label={t('trust.inviteRole')}
          description={t('trust.inviteRoleHelp')}
          placeholder={t('trust.noRole')}
          data={(roles.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
          value={role}
          onChange={setRole}
          clearable
        />
      )}
    </FormDialog>
  )
}

function RenameDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState(user.name)
  const save = async () => {
    await api.updateUser({ params: { id: user.id }, body: { name: name.trim() }, ifMatch: user.version })
    await queries.invalidateQueries({ queryKey: ['users'] })
    tell(t('trust.renamed', { name: name.trim() }), { target: user.id })
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t('trust.renameTitle', { name: user.name })}
      action={t('common.save')}
      ready={name.trim() !== '' && name !== user.name}
      onSubmit={save}
    >
      <TextInput
        label={t('trust.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={120}
        required
        data-autofocus
      />
    </FormDialog>
  )
}
