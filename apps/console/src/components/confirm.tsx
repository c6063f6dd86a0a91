import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { createContext, type ReactNode, useContext, useState } from 'react'
import { t } from '../messages/index.tsx'
import { ErrorState } from './states.tsx'

export interface Question {
  readonly title: string
  /** What will be so afterwards. */
  readonly consequence: ReactNode
  /** The verb on the button. */
  readonly action: string
  readonly danger?: boolean
  /** Asks for a sentence that is passed on: the reason of a revocation. */
  readonly reason?: string
  readonly run: (reason: string) => Promise<unknown>
}

const Ask = createContext<(question: Question) => void>(() => {})

/** Asks before what cannot be undone; the dialog stays open with the API's sentence when it fails. */
export const useConfirm = () => useContext(Ask)

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question>()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const ask = (next: Question) => {
    setQuestion(next)
    setReason('')
    setError(undefined)
    setOpen(true)
  }
  const run = async () => {
    if (question === undefined) return
    setRunning(true)
    setError(undefined)
    try {
      await question.run(reason.trim())
      setOpen(false)
    } catch (cause) {
      setError(cause)
    } finally {
      setRunning(false)
    }
  }
  return (
    <Ask value={ask}>
      {children}
      {question !== undefined && (
        <Modal
          opened={open}
          onClose={() => setOpen(false)}
          title={question.title}
          closeButtonProps={{ 'aria-label': t('common.close') }}
        >
          <form
            onSubmit={(event) => {
              event.preventDefault()
              void run()
            }}
          >
            <Stack gap="md">
              <div>{question.consequence}</div>
              {question.reason !== undefined && (
                <TextInput
                  label={question.reason}
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                  required
                  data-autofocus
                />
              )}
              {error !== undefined && <ErrorState error={error} />}
              <Group justify="flex-end" gap="xs">
                <Button variant="default" onClick={() => setOpen(false)}>
                  {t('common.cancel')}
                </Button>
                <Button type="submit" loading={running} {...(question.danger === true ? { color: 'red' } : {})}>
                  {question.action}
                </Button>
              </Group>
            </Stack>
          </form>
        </Modal>
      )}
    </Ask>
  )
}
