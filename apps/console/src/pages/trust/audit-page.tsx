import { Button, Drawer, Stack } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { auditQuery } from '../../api/trust.ts'
import type { AuditEntry } from '../../api/types.ts'
import { IconShieldCheck } from '../../components/icons.ts'
import { JsonView } from '../../components/json-view.tsx'
import { When } from '../../components/marks.tsx'
import { Facts, Page } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, ErrorState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { TrustNav } from './nav.tsx'
import styles from './trust.module.css'

const route = getRouteApi('/inside/trust/audit')
type Verdict = Awaited<ReturnType<typeof api.verifyAudit>>

/** Everything that was done, by whom, and the proof that nothing of it was changed. */
export function AuditPage() {
  const navigate = useNavigate()
  const { action, actor, target } = route.useSearch()
  const audit = useInfiniteQuery(auditQuery({ action, actor, target }))
  const [open, setOpen] = useState<AuditEntry>()
  const [verdict, setVerdict] = useState<Verdict>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const set = (change: { action?: string | undefined; actor?: string | undefined; target?: string | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true })
  const verify = async () => {
    setBusy(true)
    setError(undefined)
    try {
      setVerdict(await api.verifyAudit())
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Page
      title={t('trust.title')}
      answer={t('trust.auditAnswer')}
      tabs={<TrustNav />}
      actions={
        <Button
          variant="default"
          loading={busy}
          leftSection={<IconShieldCheck size={16} aria-hidden />}
          onClick={() => void verify()}
        >
          {t('trust.verify')}
        </Button>
      }
    >
      {error !== undefined && <ErrorState error={error} />}
      {verdict !== undefined && (
        <div className={styles.verdict} data-broken={!verdict.ok || undefined} role="status">
          {verdict.ok
            ? t('trust.verified', { n: verdict.entries })
            : t('trust.broken', { entry: verdict.brokenAt ?? 0 })}
          <span className={styles.hash}>{t('trust.head', { hash: verdict.head })}</span>
        </div>
      )}
      <Loaded query={audit}>
        {({ pages }) => (
          <DataTable
            label={t('trust.auditLabel')}
            name="audit"
            columns={columns()}
            rows={pages.flatMap((page) => page.items)}
            rowKey={(entry) => String(entry.sequence)}
            onOpen={setOpen}
            open={open && String(open.sequence)}
            onEnd={audit.hasNextPage && !audit.isFetchingNextPage ? () => void audit.fetchNextPage() : undefined}
            filters={
              <>
                <SearchBox
                  value={action ?? ''}
                  onChange={(value) => set({ action: value || undefined })}
                  label={t('trust.filterAction')}
                  width={180}
                />
                <SearchBox
                  value={actor ?? ''}
                  onChange={(value) => set({ actor: value || undefined })}
                  label={t('trust.filterActor')}
                  width={180}
                />
                <SearchBox
                  value={target ?? ''}
                  onChange={(value) => set({ target: value || undefined })}
                  label={t('trust.filterTarget')}
                  width={180}
                />
              </>
            }
            empty={<EmptyState>{t('trust.auditEmpty')}</EmptyState>}
          />
        )}
      </Loaded>
      <Drawer
        opened={open !== undefined}
        onClose={() => setOpen(undefined)}
        size={520}
        title={open && t('trust.entry', { sequence: open.sequence })}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {open !== undefined && <Entry entry={open} />}
      </Drawer>
    </Page>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  const format = useFormat()
  return (
    <Stack gap="lg">
      <Facts
        items={[
          [t('trust.time'), format.dateTime(entry.time)],
          [t('trust.actor'), `${entry.actorName} (${entry.actor})`],
          [t('trust.action'), entry.action],
          [t('trust.target'), entry.target],
          [t('trust.address'), entry.address ?? t('common.none')],
        ]}
      />
      <JsonView value={entry.detail} label={t('trust.detail')} />
      <p>
        {t('trust.hash')}
        <span className={styles.hash}>{entry.hash}</span>
      </p>
    </Stack>
  )
}

const columns = (): Column<AuditEntry>[] => [
  {
    key: 'sequence',
    title: t('trust.sequence'),
    width: '80px',
    align: 'end',
    phone: 'hidden',
    sort: (entry) => -entry.sequence,
    text: (entry) => entry.sequence,
    cell: (entry) => entry.sequence,
  },
  {
    key: 'time',
    title: t('trust.time'),
    width: '140px',
    sort: (entry) => -entry.time,
    text: (entry) => new Date(entry.time / 1000).toISOString(),
    cell: (entry) => <When time={entry.time} />,
  },
  {
    key: 'actor',
    title: t('trust.actor'),
    width: 'minmax(130px, 1fr)',
    sort: (entry) => entry.actorName,
    text: (entry) => entry.actorName,
    cell: (entry) => entry.actorName,
  },
  {
    key: 'action',
    title: t('trust.action'),
    width: 'minmax(150px, 1.2fr)',
    phone: 'title',
    sort: (entry) => entry.action,
    text: (entry) => entry.action,
    cell: (entry) => <strong>{entry.action}</strong>,
  },
  {
    key: 'target',
    title: t('trust.target'),
    width: 'minmax(160px, 1.4fr)',
    sort: (entry) => entry.target,
    text: (entry) => entry.target,
    cell: (entry) => entry.target,
  },
  {
    key: 'detail',
    title: t('trust.detail'),
    width: 'minmax(140px, 1.4fr)',
    phone: 'hidden',
    text: (entry) => JSON.stringify(entry.detail),
    cell: (entry) => <span className={styles.muted}>{brief(entry.detail)}</span>,
  },
  {
    key: 'address',
    title: t('trust.address'),
    width: '120px',
    phone: 'hidden',
    optional: true,
    text: (entry) => entry.address,
    cell: (entry) => entry.address ?? t('common.none'),
  },
]

const brief = (detail: Record<string, unknown>): string =>
  Object.entries(detail)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
