import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { sessionQuery, setPassword } from '../../api/session.ts'
import { ErrorState } from '../../components/states.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { DoorFrame } from './frame.tsx'

const SHORTEST = 12

/** A first password after a one-time link, or a new one in place of the old. */
export function SetPasswordPage() {
  const { data: session } = useQuery(sessionQuery)
  const navigate = useNavigate()
  const first = session?.mustSetPassword === true
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [repeat, setRepeat] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const missing = SHORTEST - next.length
  const ready = missing <= 0 && next === repeat && (first || current !== '')
  const submit = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await setPassword(next, first ? undefined : current)
      tell(t('session.changed'))
      await navigate({ to: '/' })
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  return (
    <DoorFrame
      title={first ? t('session.setTitle') : t('session.changeTitle')}
      answer={first ? t('session.setAnswer') : undefined}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) void submit()
        }}
      >
        <Stack gap="md">
          <input type="text" autoComplete="username" value={session?.user.email ?? ''} readOnly hidden />
          {error !== undefined && <ErrorState error={error} />}
          {!first && (
            <PasswordInput
              label={t('session.current')}
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
              size="md"
            />
          )}
          <PasswordInput
            label={t('session.next')}
            description={next !== '' && missing > 0 ? t('session.tooShort', { n: missing }) : t('session.rule')}
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.target.value)}
            size="md"
          />
          <PasswordInput
            label={t('session.repeat')}
            autoComplete="new-password"
            value={repeat}
            onChange={(event) => setRepeat(event.target.value)}
            error={repeat !== '' && !next.startsWith(repeat) ? t('session.differ') : undefined}
            size="md"
          />
          <Group justify="space-between">
            {first ? (
              <span />
            ) : (
              <Button variant="default" onClick={() => void navigate({ to: '/' })}>
                {t('common.cancel')}
              </Button>
            )}
            <Button type="submit" loading={busy} disabled={!ready} size="md">
              {t('session.setAction')}
            </Button>
          </Group>
        </Stack>
      </form>
    </DoorFrame>
  )
}
