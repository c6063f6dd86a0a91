import { useCan } from '../../api/session.ts'
import { SubNav, type SubPage } from '../../components/sub-nav.tsx'
import { t } from '../../messages/index.tsx'

/** The pages of trust that this person may see. */
export function useTrustPages(): readonly SubPage[] {
  const can = useCan()
  const pages: (SubPage | false)[] = [
    can('user:read') && { to: '/trust/users', label: t('trust.users') },
    can('user:read') && { to: '/trust/roles', label: t('trust.roles') },
    can('user:read') && { to: '/trust/grants', label: t('trust.grants') },
    { to: '/trust/tokens', label: t('trust.tokens') },
    { to: '/trust/tenants', label: t('trust.tenants') },
    can('device:read') && { to: '/trust/certificates', label: t('trust.certificates') },
    can('audit:read') && { to: '/trust/audit', label: t('trust.audit') },
  ]
  return pages.filter((page) => page !== false)
}

export const TrustNav = () => <SubNav label={t('trust.nav')} pages={useTrustPages()} />
