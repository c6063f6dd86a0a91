import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { t } from '../messages/index.tsx'
import styles from './page.module.css'

interface PageProps {
  /** Also the window's title. */
  title: string
  /** The sentence a person came for. */
  answer?: ReactNode
  /** What stands above the title: where the thing hangs. */
  crumbs?: ReactNode
  marks?: ReactNode
  actions?: ReactNode
  /** Sub-pages, as links. */
  tabs?: ReactNode
  children: ReactNode
}

/** A page: the answer first, then the evidence. */
export function Page({ title, answer, crumbs, marks, actions, tabs, children }: PageProps) {
  useDocumentTitle(t('common.windowTitle', { title }))
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        {crumbs}
        <div className={styles.titleRow}>
          <h1 className={styles.title}>{title}</h1>
          {marks}
        </div>
        {actions !== undefined && <div className={styles.headActions}>{actions}</div>}
        {answer !== undefined && <p className={styles.answer}>{answer}</p>}
        {tabs}
      </header>
      {children}
    </div>
  )
}

interface PanelProps {
  title?: string
  actions?: ReactNode
  /** The content reaches to the panel's edges: tables, charts. */
  flush?: boolean
  children: ReactNode
  className?: string | undefined
}

export function Panel({ title, actions, flush = false, children, className = '' }: PanelProps) {
  return (
    <section className={`${styles.panel} ${className}`} aria-label={title}>
      {(title !== undefined || actions !== undefined) && (
        <div className={styles.panelHead}>
          {title !== undefined && <h2 className={styles.panelTitle}>{title}</h2>}
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </div>
      )}
      <div className={flush ? styles.flush : styles.panelBody}>{children}</div>
    </section>
  )
}

/** Names and values of one thing, in two columns. */
export function Facts({
  items,
  dense = false,
}: {
  items: readonly (readonly [name: string, value: ReactNode] | false | undefined)[]
  /** Many short values. */
  dense?: boolean
}) {
  return (
    <dl className={`${styles.facts} ${dense ? styles.dense : ''}`}>
      {items.map(
        (item) =>
          item !== false &&
          item !== undefined && (
            <div key={item[0]} className={styles.fact}>
              <dt>{item[0]}</dt>
              <dd>{item[1]}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

export const Columns = ({ children, wide = false }: { children: ReactNode; wide?: boolean }) => (
  <div className={wide ? styles.columnsWide : styles.columns}>{children}</div>
)

export const Stacked = ({ children }: { children: ReactNode }) => <div className={styles.stacked}>{children}</div>
