import { Skeleton } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useSession } from '../api/session.ts'
import { LinkButton } from '../components/link-button.tsx'
import { Page, Panel } from '../components/page.tsx'
import { EmptyState, ErrorState, RowsSkeleton } from '../components/states.tsx'
import { t } from '../messages/index.tsx'

export function NotFound() {
  return (
    <Page title={t('shell.notFoundTitle')}>
      <Panel>
        <EmptyState action={<LinkButton to="/">{t('shell.toOverview')}</LinkButton>}>{t('shell.notFound')}</EmptyState>
      </Panel>
    </Page>
  )
}

/** A page that the person's roles do not include. */
export function Forbidden() {
  const { tenant } = useSession()
  return (
    <Page title={t('shell.forbiddenTitle')}>
      <Panel>
        <EmptyState action={<LinkButton to="/">{t('shell.toOverview')}</LinkButton>}>
          {t('shell.forbidden', { tenant: tenant.name })}
        </EmptyState>
      </Panel>
    </Page>
  )
}

export function Crashed({ error, reset }: ErrorComponentProps) {
  return (
    <Page title={t('shell.crashed')}>
      <ErrorState error={error} onRetry={reset} />
    </Page>
  )
}

/** The shape of a page while its code comes. */
export function PagePending() {
  return (
    <div style={{ padding: 24 }} aria-busy="true">
      <Skeleton height={24} width={220} mb={12} />
      <Skeleton height={14} width={420} mb={24} />
      <RowsSkeleton />
    </div>
  )
}
