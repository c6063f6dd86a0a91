import { Button, Modal, Select, TextInput } from '@mantine/core'
import { PERMISSIONS } from '@millwright/contracts/lists'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useCan } from '../../api/session.ts'
import { tokensQuery } from '../../api/trust.ts'
import type { ApiToken, Permission } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { CopyField } from '../../components/copy-field.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { IconPlus } from '../../components/icons.ts'
import { Age } from '../../components/marks.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { tell } from '../../components/tell.tsx'
import { useNow } from '../../live/clock.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { TrustNav } from './nav.tsx'
import { PermissionPicker } from './permission-picker.tsx'
import styles from './trust.module.css'

const DAY = 86_400_000_000
const LENGTHS = [7, 30, 90, 365]

interface Made {
  readonly name: string
  readonly secret: string
}

/** The tokens of this person's programs. */
export function TokensPage() {
  const format = useFormat()
  const now = useNow()
  const queries = useQueryClient()
  const confirm = useConfirm()
  const tokens = useQuery(tokensQuery)
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<Made>()
  const revoke = (token: ApiToken) =>
    confirm({
      title: t('trust.revokeTokenTitle', { name: token.name }),
      consequence: t('trust.revokeTokenConsequence'),
      action: t('trust.revokeToken'),
      danger: true,
      run: async () => {
        await api.revokeToken({ params: { id: token.id } })
        await queries.invalidateQueries({ queryKey: ['tokens'] })
        tell(t('trust.tokenRevokedDone', { name: token.name }), { target: token.id })
      },
    })
  const state = (token: ApiToken) =>
    token.revokedAt !== undefined
      ? t('trust.tokenRevoked')
      : token.expiresAt < now
        ? t('trust.tokenExpired')
        : t('trust.tokenActive')
  const columns: Column<ApiToken>[] = [
    {
      key: 'name',
      title: t('trust.tokenName'),
      width: 'minmax(140px, 1.3fr)',
      phone: 'title',
      sort: (token) => token.name,
      text: (token) => token.name,
      cell: (token) => <strong>{token.name}</strong>,
    },
    {
      key: 'permissions',
      title: t('trust.permissions'),
      width: 'minmax(140px, 1.3fr)',
      text: (token) => token.permissions.join(' '),
      cell: (token) => (
        <span title={token.permissions.join('\n')}>{t('trust.permissionCount', { n: token.permissions.length })}</span>
      ),
    },
    {
      key: 'state',
      title: t('trust.state'),
      width: '110px',
      sort: state,
      text: state,
      cell: (token) => (
        <span className={state(token) === t('trust.tokenActive') ? '' : styles.muted}>{state(token)}</span>
      ),
    },
    {
      key: 'expires',
      title: t('trust.expires'),
      width: '130px',
      sort: (token) => token.expiresAt,
      text: (token) => format.date(token.expiresAt),
      cell: (token) => format.date(token.expiresAt),
    },
    {
      key: 'used',
      title: t('trust.lastUsed'),
      width: '130px',
      align: 'end',
      sort: (token) => token.lastUsedAt,
      cell: (token) => <Age time={token.lastUsedAt} />,
    },
    {
      key: 'act',
      title: t('common.actions'),
      width: '110px',
      align: 'end',
      cell: (token) =>
        token.revokedAt === undefined && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${t('trust.revokeToken')}: ${token.name}`}
            onClick={() => revoke(token)}
          >
            {t('trust.revokeToken')}
          </Button>
        ),
    },
  ]
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t('trust.addToken')}
    </Button>
  )
  return (
    <Page title={t('trust.title')} answer={t('trust.tokensAnswer')} tabs={<TrustNav />} actions={add}>
      <Loaded query={tokens}>
        {(data) => (
          <DataTable
            label={t('trust.tokensLabel')}
            name="tokens"
            columns={columns}
            rows={data}
            rowKey={(token) => token.id}
            empty={<EmptyState action={add}>{t('trust.tokensEmpty')}</EmptyState>}
          />
        )}
      </Loaded>
      {adding && <TokenDialog onClose={() => setAdding(false)} onMade={setMade} />}
      <Modal
        opened={made !== undefined}
        onClose={() => setMade(undefined)}
        size="lg"
        title={t('trust.addToken')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {made !== undefined && (
          <CopyField label={t('trust.tokenSecret', { name: made.name })} value={made.secret} once />
        )}
      </Modal>
    </Page>
  )
}

function TokenDialog({ onClose, onMade }: { onClose: () => void; onMade: (made: Made) => void }) {
  const can = useCan()
  const format = useFormat()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [days, setDays] = useState(90)
  const [chosen, setChosen] = useState<ReadonlySet<Permission>>(new Set())
  const save = async () => {
    const { token, secret } = await api.createToken({
      body: { name: name.trim(), permissions: [...chosen], expiresAt: (Date.now() + days * 86_400_000) * 1000 },
    })
    await queries.invalidateQueries({ queryKey: ['tokens'] })
    onMade({ name: token.name, secret })
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      size="xl"
      title={t('trust.addToken')}
      action={t('trust.addToken')}
      ready={name.trim() !== '' && chosen.size > 0}
      onSubmit={save}
    >
      <TextInput
        label={t('trust.tokenName')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={120}
        required
        data-autofocus
      />
      <Select
        label={t('trust.expiresIn')}
        data={LENGTHS.map((length) => ({ value: String(length), label: format.duration(length * DAY) }))}
        value={String(days)}
        onChange={(value) => value !== null && setDays(Number(value))}
        allowDeselect={false}
      />
      <PermissionPicker
        offered={PERMISSIONS.filter((permission) => can(permission))}
        chosen={chosen}
        onChange={setChosen}
      />
    </FormDialog>
  )
}
