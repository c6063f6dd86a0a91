import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import styles from './sub-nav.module.css'

export interface SubPage {
  readonly to: NonNullable<LinkProps['to']>
  readonly label: string
  readonly mark?: ReactNode
}

/** The pages of one area, as links above the content. */
export function SubNav({ label, pages }: { label: string; pages: readonly SubPage[] }) {
  return (
    <nav aria-label={label} className={styles.nav}>
      {pages.map((page) => (
        <Link
          key={page.to}
          to={page.to}
          className={styles.link}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ className: styles.active, 'aria-current': 'page' }}
        >
          {page.label}
          {page.mark}
        </Link>
      ))}
    </nav>
  )
}
