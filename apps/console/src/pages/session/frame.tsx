import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { BrandMark, PRODUCT } from '../../app/brand.tsx'
import { t } from '../../messages/index.tsx'
import styles from './session.module.css'

/** The door: one card on an empty screen. */
export function DoorFrame({ title, answer, children }: { title: string; answer?: ReactNode; children: ReactNode }) {
  useDocumentTitle(t('common.windowTitle', { title }))
  return (
    <main className={styles.door}>
      <div className={styles.brand}>
        <BrandMark size={32} />
        <span>{PRODUCT}</span>
      </div>
      <section className={styles.card} aria-labelledby="door-title">
        <h1 id="door-title" className={styles.title}>
          {title}
        </h1>
        {answer !== undefined && <p className={styles.answer}>{answer}</p>}
        {children}
      </section>
    </main>
  )
}
