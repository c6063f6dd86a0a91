import { Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useCan } from '../api/session.ts'
import { IconMenu2 } from '../components/icons.ts'
import { t } from '../messages/index.tsx'
import { AlarmCount } from './alarm-count.tsx'
import { RAIL } from './pages.ts'
import styles from './shell.module.css'

const FIRST = 4

/** A phone's way in: the four pages of a technician's day, and the rest in a drawer. */
export function BottomBar() {
  const can = useCan()
  const [open, drawer] = useDisclosure()
  const pages = RAIL.filter((page) => page.needs?.some((permission) => can(permission)) ?? true)
  return (
    <nav className={styles.bottom} aria-label={t('shell.navigation')}>
      {pages.slice(0, FIRST).map((page) => (
        <Link
          key={page.to}
          to={page.to}
          className={styles.bottomItem}
          activeOptions={{ exact: page.to === '/', includeSearch: false }}
          activeProps={{ className: styles.bottomActive, 'aria-current': 'page' }}
        >
          <span className={styles.bottomIcon}>
            <page.icon size={22} stroke={1.6} aria-hidden />
            {page.to === '/alarms' && <AlarmCount className={styles.bottomCount} numberClass="mw-hidden" />}
          </span>
          {t(page.label)}
        </Link>
      ))}
      <button type="button" className={styles.bottomItem} onClick={drawer.open} aria-haspopup="dialog">
        <IconMenu2 size={22} stroke={1.6} aria-hidden />
        {t('common.more')}
      </button>
      <Drawer
        opened={open}
        onClose={drawer.close}
        position="bottom"
        size="auto"
        title={t('common.more')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {pages.slice(FIRST).map((page) => (
          <Link key={page.to} to={page.to} className={styles.item} style={{ minHeight: 52 }} onClick={drawer.close}>
            <page.icon size={20} stroke={1.6} aria-hidden />
            {t(page.label)}
          </Link>
        ))}
      </Drawer>
    </nav>
  )
}
