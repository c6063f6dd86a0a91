import { SubNav } from '../../components/sub-nav.tsx'
import { t } from '../../messages/index.tsx'

export const FleetNav = () => (
  <SubNav
    label={t('agents.nav')}
    pages={[
      { to: '/fleet', label: t('agents.devices') },
      { to: '/fleet/agents', label: t('agents.title') },
    ]}
  />
)
