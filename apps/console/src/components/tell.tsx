import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import { api } from '../api/client.ts'
import { allowed } from '../api/permissions.ts'
import { queryClient } from '../api/query-client.ts'
import { sessionQuery } from '../api/session.ts'
import { ApiError } from '../api/types.ts'
import { t } from '../messages/index.tsx'

interface Told {
  /** Id of what was changed: its line in the audit log is shown with the sentence. */
  readonly target?: string
  readonly undo?: () => Promise<unknown>
}

const LOOK = { withBorder: true, closeButtonProps: { 'aria-label': t('common.close') } } as const

/** Says that something was done; with the audit entry that it left, and a way back where there is one. */
export function tell(sentence: string, { target, undo }: Told = {}): void {
  const message: ReactNode =
    undo === undefined ? sentence : <Undoable sentence={sentence} undo={undo} close={() => notifications.hide(id)} />
  const autoClose = undo === undefined ? 5_000 : 9_000
  const id: string = notifications.show({ message, autoClose, ...LOOK })
  if (target !== undefined) void showEntry(id, message, autoClose, target)
}

/** Says that something failed, in the API's own sentence. */
export function tellError(error: unknown): void {
  notifications.show({
    title: error instanceof ApiError ? error.code : undefined,
    message: error instanceof ApiError ? error.problem.detail : t('common.unexpected'),
    color: 'red',
    autoClose: 10_000,
    ...LOOK,
    role: 'alert',
  })
}

function Undoable({ sentence, undo, close }: { sentence: string; undo: () => Promise<unknown>; close: () => void }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <span>{sentence}</span>
      <Button
        variant="default"
        size="xs"
        flex="none"
        onClick={() => {
          close()
          undo().catch(tellError)
        }}
      >
        {t('common.undo')}
      </Button>
    </Group>
  )
}

async function showEntry(id: string, message: ReactNode, autoClose: number, target: string): Promise<void> {
  const session = queryClient.getQueryData(sessionQuery.queryKey)
  if (session == null || !allowed(session.permissions, 'audit:read')) return
  try {
    const entry = (await api.listAudit({ query: { target, actor: session.user.id, limit: 1 } })).items[0]
    if (entry === undefined) return
    const title = t('common.auditLine', { sequence: entry.sequence, action: entry.action, actor: entry.actorName })
    notifications.update({ id, message, title, autoClose, ...LOOK })
  } catch (error) {
    // The change itself was done and said; only its audit line could not be read just now.
    console.warn(error)
  }
}
