import { SubNav } from '../../components/sub-nav.tsx'
import { t } from '../../messages/index.tsx'

export const MachinesNav = () => (
  <SubNav
    label={t('machines.nav')}
    pages={[
      { to: '/machines', label: t('machines.tree') },
      { to: '/machines/table', label: t('machines.table') },
      { to: '/machines/classes', label: t('machines.classes') },
    ]}
  />
)
