import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'
import { onSignedOut, queryClient } from '../api/query-client.ts'
import { forget } from '../api/session.ts'
import { closeLive } from '../live/link.ts'
import { cssVariables, theme } from '../theme/theme.ts'
import { usePreferences } from './preferences.ts'
import { router } from './router.tsx'

onSignedOut(() => {
  closeLive()
  forget()
  if (!router.state.location.pathname.startsWith('/sign-in')) {
    void router.navigate({ to: '/sign-in', search: { next: router.state.location.href } })
  }
})

export function Root() {
  const kept = usePreferences()
  useEffect(() => {
    document.documentElement.dataset['density'] = kept.density
    document.documentElement.lang = kept.locale || navigator.language || 'en'
  }, [kept.density, kept.locale])
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} />
      <QueryClientProvider client={queryClient}>
        {/* Whoever changes language, units or density sees all of it change at once. */}
        <RouterProvider router={router} key={`${kept.locale}|${kept.units}|${kept.timeZone}|${kept.density}`} />
      </QueryClientProvider>
    </MantineProvider>
  )
}
