import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useCan, useSession } from '../../api/session.ts'
import { sharesQuery, tenantsQuery } from '../../api/trust.ts'
import type { Share } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { CopyField } from '../../components/copy-field.tsx'
import { IconPlus } from '../../components/icons.ts'
import { Columns, Page, Panel } from '../../components/page.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { tell } from '../../components/tell.tsx'
import { useNow } from '../../live/clock.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import fleet from '../fleet/fleet.module.css'
import { LinkDialog, type SignInLink } from './link-dialog.tsx'
import { TrustNav } from './nav.tsx'
import { ShareDialog } from './share-dialog.tsx'
import { TenantDialog } from './tenant-dialog.tsx'

/** Tenants, and what they show each other. */
export function TenantsPage() {
  const can = useCan()
  const format = useFormat()
  const { tenant } = useSession()
  const tenants = useQuery(tenantsQuery)
  const shares = useQuery(sharesQuery)
  const [task, setTask] = useState<'tenant' | 'share'>()
  const [link, setLink] = useState<SignInLink>()
  return (
    <Page
      title={t('trust.title')}
      answer={t('trust.tenantsAnswer', { name: tenant.name })}
      tabs={<TrustNav />}
      actions={
        <>
          {can('share:write') && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setTask('share')}>
              {t('trust.addShare')}
            </Button>
          )}
          {can('tenant:write') && (
            <Button variant="default" onClick={() => setTask('tenant')}>
              {t('trust.addTenant')}
            </Button>
          )}
        </>
      }
    >
      <Columns>
        <Panel title={t('trust.tenantsLabel')} flush>
          <Loaded query={tenants}>
            {(data) => (
              <table className={fleet.diff} aria-label={t('trust.tenantsLabel')}>
                <tbody>
                  {data.map((one) => (
                    <tr key={one.id}>
                      <td>
                        <strong>{one.name}</strong>
                      </td>
                      <th scope="row">{one.id}</th>
                      <td>{format.date(one.createdAt)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Loaded>
        </Panel>
        <Panel>
          <CopyField label={t('trust.tenantId')} value={tenant.id} />
        </Panel>
      </Columns>
      <Loaded query={shares}>
        {(data) => (
          <>
            <ShareTable
              title={t('trust.given')}
              name="shares-given"
              rows={data.filter((share) => share.owner === tenant.id)}
              given
              empty={t('trust.givenEmpty')}
            />
            <ShareTable
              title={t('trust.received')}
              name="shares-received"
              rows={data.filter((share) => share.owner !== tenant.id)}
              given={false}
              empty={t('trust.receivedEmpty')}
            />
          </>
        )}
      </Loaded>
      {task === 'share' && <ShareDialog onClose={() => setTask(undefined)} />}
      {task === 'tenant' && <TenantDialog onClose={() => setTask(undefined)} onLink={setLink} />}
      <LinkDialog made={link} onClose={() => setLink(undefined)} />
    </Page>
  )
}

function ShareTable({
  title,
  name,
  rows,
  given,
  empty,
}: {
  title: string
  name: string
  rows: readonly Share[]
  given: boolean
  empty: string
}) {
  const can = useCan()
  const format = useFormat()
  const now = useNow()
  const queries = useQueryClient()
  const confirm = useConfirm()
  const stop = (share: Share) =>
    confirm({
      title: t('trust.stopTitle', { node: share.nodeName, partner: share.partnerName }),
      consequence: t('trust.stopConsequence'),
      action: t('trust.stop'),
      danger: true,
      run: async () => {
        await api.revokeShare({ params: { id: share.id } })
        await queries.invalidateQueries({ queryKey: ['shares'] })
        tell(t('trust.stopped'), { target: share.id })
      },
    })
  const end = (share: Share) => share.revokedAt ?? (share.until !== null && share.until < now ? share.until : undefined)
  const until = (share: Share) => {
    const ended = end(share)
    if (ended !== undefined) return t('trust.ended', { date: format.date(ended) })
    return share.until === null ? t('trust.untilNever') : t('trust.untilDate', { date: format.date(share.until) })
  }
  const columns: Column<Share>[] = [
    {
      key: 'partner',
      title: t('trust.partner'),
      width: 'minmax(140px, 1fr)',
      phone: 'title',
      sort: (share) => (given ? share.partnerName : share.ownerName),
      text: (share) => (given ? share.partnerName : share.ownerName),
      cell: (share) => <strong>{given ? share.partnerName : share.ownerName}</strong>,
    },
    {
      key: 'node',
      title: t('trust.node'),
      width: 'minmax(140px, 1fr)',
      sort: (share) => share.nodeName,
      text: (share) => share.nodeName,
      cell: (share) => share.nodeName,
    },
    {
      key: 'signals',
      title: t('data.signals'),
      width: 'minmax(140px, 1fr)',
      text: (share) => share.signals.join(' '),
      cell: (share) => (share.signals.length === 0 ? t('trust.allSignals') : share.signals.join(', ')),
    },
    {
      key: 'purpose',
      title: t('trust.purpose'),
      width: 'minmax(140px, 1.4fr)',
      text: (share) => share.purpose,
      cell: (share) => share.purpose || t('common.none'),
    },
    { key: 'until', title: t('trust.until'), width: '180px', sort: (share) => share.until, text: until, cell: until },
    ...(given && can('share:write')
      ? [
          {
            key: 'act',
            title: t('common.actions'),
            width: '140px',
            align: 'end' as const,
            cell: (share: Share) =>
              end(share) === undefined && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => stop(share)}
                  aria-label={`${t('trust.stop')}: ${share.nodeName}, ${share.partnerName}`}
                >
                  {t('trust.stop')}
                </Button>
              ),
          },
        ]
      : []),
  ]
  return (
    <DataTable
      label={title}
      name={name}
      columns={columns}
      rows={rows}
      rowKey={(share) => share.id}
      filters={<strong>{title}</strong>}
      empty={<EmptyState>{empty}</EmptyState>}
    />
  )
}
