import { Outlet, useLocation } from '@tanstack/react-router'
import { Suspense } from 'react'
import { useCan } from '../api/session.ts'
import { ConfirmProvider } from '../components/confirm.tsx'
import { lazyPart } from '../components/lazy-part.tsx'
import { useLiveAlarms } from '../live/alarms.ts'
import { useLiveEvents } from '../live/events.ts'
import { t } from '../messages/index.tsx'
import { BottomBar } from './bottom-bar.tsx'
import { Forbidden } from './fallbacks.tsx'
import { Header } from './header.tsx'
import { LinkBanner } from './link-banner.tsx'
import { needsOf } from './pages.ts'
import { usePaletteCalls } from './palette-store.ts'
import { usePreferences } from './preferences.ts'
import { Rail } from './rail.tsx'
import styles from './shell.module.css'

const Palette = lazyPart(() => import('./palette.tsx').then((module) => module.Palette))

/** What stands around every page behind the sign-in. */
export function Shell() {
  const can = useCan()
  const { railFolded } = usePreferences()
  const calls = usePaletteCalls()
  const allowed = useAllowed()
  useLiveAlarms(can('alarm:read'))
  useLiveEvents()
  return (
    <ConfirmProvider>
      <div className={styles.shell} data-folded={railFolded}>
        <a href="#main" className={styles.skip}>
          {t('shell.skip')}
        </a>
        <Rail />
        <Header />
        <div className={styles.stage}>
          <LinkBanner />
          <main id="main" tabIndex={-1} className={styles.main}>
            {allowed ? <Outlet /> : <Forbidden />}
          </main>
        </div>
        <BottomBar />
      </div>
      {calls > 0 && (
        <Suspense>
          <Palette calls={calls} />
        </Suspense>
      )}
    </ConfirmProvider>
  )
}

/** Whether the page at this address is one that the person's roles include. */
function useAllowed(): boolean {
  const can = useCan()
  const { pathname } = useLocation()
  return needsOf(pathname)?.some((permission) => can(permission)) ?? true
}
