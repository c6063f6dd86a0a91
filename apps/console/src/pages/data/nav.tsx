import { useCan } from '../../api/session.ts'
import { SubNav, type SubPage } from '../../components/sub-nav.tsx'
import { t } from '../../messages/index.tsx'

export function DataNav() {
  const can = useCan()
  const pages: SubPage[] = [
    ...(can('signal:read')
      ? ([
          { to: '/data', label: t('data.health') },
          { to: '/data/signals', label: t('data.signals') },
        ] as const)
      : []),
    ...(can('connection:read') ? ([{ to: '/data/connections', label: t('connections.title') }] as const) : []),
    ...(can('device:read') ? ([{ to: '/data/dead-letters', label: t('data.deadLetters') }] as const) : []),
  ]
  return <SubNav label={t('data.nav')} pages={pages} />
}
