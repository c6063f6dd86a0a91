import { Link, type LinkProps, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import styles from './sub-nav.module.css'
import { useShown } from './use-shown.ts'

export interface SubPage {
  readonly to: NonNullable<LinkProps['to']>
  readonly label: string
  readonly mark?: ReactNode
}

/** The pages of one area, as links above the content. */
export function SubNav({ label, pages }: { label: string; pages: readonly SubPage[] }) {
  const { pathname } = useLocation()
  const row = useShown<HTMLElement>(pathname)
  return (
    <nav ref={row} aria-label={label} className={styles.nav}>
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
