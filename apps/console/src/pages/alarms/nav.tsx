import { useCan } from '../../api/session.ts'
import { SubNav } from '../../components/sub-nav.tsx'
import { t } from '../../messages/index.tsx'

export function AlarmsNav() {
  const can = useCan()
  return (
    <SubNav
      label={t('alarms.nav')}
      pages={[
        { to: '/alarms', label: t('alarms.active') },
        { to: '/alarms/journal', label: t('alarms.journal') },
        ...(can('rule:read') ? [{ to: '/alarms/rules', label: t('alarms.rules') } as const] : []),
      ]}
    />
  )
}
