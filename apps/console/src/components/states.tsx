import { Button, Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiError } from '../api/types.ts'
import { t } from '../messages/index.tsx'
import { IconAlertTriangle } from './icons.ts'
import styles from './states.module.css'

/** What went wrong in the API's own sentence, its code, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const api = error instanceof ApiError ? error : undefined
  return (
    <div className={styles.error} role="alert">
      <IconAlertTriangle size={20} aria-hidden className={styles.errorIcon} />
      <div>
        <p className={styles.sentence}>{api?.problem.detail ?? t('common.unexpected')}</p>
        <p className={styles.code}>
          {api?.code ?? (error instanceof Error ? error.message : '')}
          {api?.problem.path !== undefined && ` · ${api.problem.path}`}
          {api?.problem.requestId !== undefined && ` · ${t('common.requestId', { id: api.problem.requestId })}`}
        </p>
        {onRetry !== undefined && (
          <Button variant="default" size="xs" mt={8} onClick={onRetry}>
            {t('common.retry')}
          </Button>
        )}
      </div>
    </div>
  )
}

/** One sentence and the next action. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.emptyText}>{children}</p>
      {action}
    </div>
  )
}

/** The shape of a table before its rows are there. */
export function RowsSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div aria-hidden className={styles.skeleton}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey bars have no identity
        <div key={index} className={styles.skeletonRow}>
          <Skeleton height={12} width={`${18 + ((index * 7) % 12)}%`} />
          <Skeleton height={12} width={`${10 + ((index * 5) % 20)}%`} />
          <Skeleton height={12} width={`${24 - ((index * 3) % 14)}%`} />
        </div>
      ))}
    </div>
  )
}

export const PanelSkeleton = ({ height = 160 }: { height?: number }) => (
  <Skeleton height={height} radius="sm" aria-hidden />
)

interface LoadedProps<T> {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isPending' | 'refetch'>
  skeleton?: ReactNode
  children: (data: T) => ReactNode
}

/** The page's own shape while a query is read, its error when it failed, its content otherwise. */
export function Loaded<T>({ query, skeleton = <RowsSkeleton />, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return (
    <div aria-busy="true">
      <span className="mw-hidden" role="status">
        {t('common.loading')}
      </span>
      {skeleton}
    </div>
  )
}
