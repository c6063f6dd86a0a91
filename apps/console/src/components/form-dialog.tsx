import { Button, Group, Modal, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { t } from '../messages/index.tsx'
import { ErrorState } from './states.tsx'

interface FormDialogProps {
  title: string
  opened: boolean
  onClose: () => void
  action: string
  /** What keeps it from being sent; the button waits for it. */
  ready?: boolean
  onSubmit: () => Promise<unknown>
  size?: string
  children: ReactNode
}

/** A dialog with one form: it closes when the API took it, and shows the API's sentence when it did not. */
export function FormDialog({
  title,
  opened,
  onClose,
  action,
  ready = true,
  onSubmit,
  size = 'md',
  children,
}: FormDialogProps) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const close = () => {
    setError(undefined)
    onClose()
  }
  const submit = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await onSubmit()
      close()
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          event.stopPropagation()
          if (ready) void submit()
        }}
      >
        <Stack gap="md">
          {children}
          {error !== undefined && <ErrorState error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!ready}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
