import { Link } from '@tanstack/react-router'
import { useCan } from '../api/session.ts'
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '../components/icons.ts'
import { t } from '../messages/index.tsx'
import { AlarmCount } from './alarm-count.tsx'
import { BrandMark, PRODUCT } from './brand.tsx'
import { RAIL } from './pages.ts'
import { setPreferences, usePreferences } from './preferences.ts'
import styles from './shell.module.css'

/** The left rail of a desk; a phone has the bottom bar instead. */
export function Rail() {
  const can = useCan()
  const { railFolded } = usePreferences()
  const FoldIcon = railFolded ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse
  const foldLabel = railFolded ? t('shell.unfold') : t('shell.fold')
  return (
    <nav className={styles.rail} aria-label={t('shell.navigation')}>
      <Link to="/" className={styles.brand} aria-label={PRODUCT}>
        <BrandMark className={styles.brandMark} />
        <span className={styles.brandName}>{PRODUCT}</span>
      </Link>
      {RAIL.filter((page) => page.needs?.some((permission) => can(permission)) ?? true).map((page) => (
        <Link
          key={page.to}
          to={page.to}
          className={styles.item}
          activeOptions={{ exact: page.to === '/', includeSearch: false }}
          activeProps={{ className: styles.itemActive, 'aria-current': 'page' }}
          title={railFolded ? t(page.label) : undefined}
          aria-label={railFolded ? t(page.label) : undefined}
        >
          <page.icon size={20} stroke={1.6} className={styles.itemIcon} aria-hidden />
          <span className={styles.itemLabel}>{t(page.label)}</span>
          {page.to === '/alarms' && <AlarmCount className={styles.alarmCount} numberClass={styles.alarmNumber} />}
        </Link>
      ))}
      <button
        type="button"
        className={`${styles.item} ${styles.fold}`}
        onClick={() => setPreferences({ railFolded: !railFolded })}
        aria-label={foldLabel}
        title={foldLabel}
      >
        <FoldIcon size={20} stroke={1.6} className={styles.itemIcon} aria-hidden />
        <span className={styles.itemLabel}>{foldLabel}</span>
      </button>
    </nav>
  )
}
