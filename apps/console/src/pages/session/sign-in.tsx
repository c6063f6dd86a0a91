import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { sessionQuery, signIn, signInByLink } from '../../api/session.ts'
import type { Session } from '../../api/types.ts'
import { ErrorState, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { DoorFrame } from './frame.tsx'
import { linkToken } from './link-token.ts'
import styles from './session.module.css'

const route = getRouteApi('/sign-in')

/** Sign-in by password, or by the one-time link whose token stands in the address's fragment. */
export function SignInPage() {
  const [token] = useState(() => linkToken(location.hash))
  return token === undefined ? <PasswordDoor /> : <LinkDoor token={token} />
}

/** Where one goes after the door: back to where one wanted to, or to choose a password first. */
function useEnter(): (session: Session) => void {
  const router = useRouter()
  const { next } = route.useSearch()
  return (session) => {
    const wanted = next?.startsWith('/') === true && !next.startsWith('//') && !next.startsWith('/sign-in') ? next : '/'
    router.history.replace(session.mustSetPassword ? '/set-password' : wanted)
  }
}

function PasswordDoor() {
  const enter = useEnter()
  const queries = useQueryClient()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the door is opened
  useEffect(() => {
    // Whoever is signed in already need not stand at the door.
    void queries.ensureQueryData(sessionQuery).then((session) => session !== null && enter(session))
  }, [])
  const submit = async () => {
    setBusy(true)
    setError(undefined)
    try {
      enter(await signIn(email.trim(), password))
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  return (
    <DoorFrame title={t('session.signInTitle')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Stack gap="md" mt="md">
          {error !== undefined && <ErrorState error={error} />}
          <TextInput
            label={t('session.email')}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            size="md"
            autoFocus
          />
          <PasswordInput
            label={t('session.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            size="md"
          />
          <Button type="submit" loading={busy} size="md" fullWidth>
            {t('session.signIn')}
          </Button>
          <p className={styles.note}>{t('session.forgot')}</p>
        </Stack>
      </form>
    </DoorFrame>
  )
}

function LinkDoor({ token }: { token: string }) {
  const enter = useEnter()
  const [error, setError] = useState<unknown>()
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    // The secret leaves the address bar and the history before anything else happens.
    history.replaceState(history.state, '', location.pathname)
    signInByLink(token).then(enter, setError)
  }, [token, enter])
  if (error === undefined) {
    return (
      <DoorFrame title={t('session.linkWorking')}>
        <PanelSkeleton height={80} />
      </DoorFrame>
    )
  }
  return (
    <DoorFrame title={t('session.linkFailedTitle')} answer={t('session.linkFailedHelp')}>
      <Stack gap="md">
        <ErrorState error={error} />
        <Button component="a" href="/sign-in" variant="default">
          {t('session.toSignIn')}
        </Button>
      </Stack>
    </DoorFrame>
  )
}
