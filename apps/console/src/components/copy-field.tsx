import { Button, CopyButton } from '@mantine/core'
import { t } from '../messages/index.tsx'
import styles from './copy-field.module.css'
import { IconCheck, IconCopy } from './icons.ts'

/** A text to be copied: a token, a command. What is shown once says so. */
export function CopyField({ label, value, once = false }: { label: string; value: string; once?: boolean }) {
  return (
    <div className={styles.field}>
      <div className={styles.head}>
        <span className={styles.label}>{label}</span>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button
              size="compact-xs"
              variant="default"
              onClick={copy}
              aria-label={`${t('common.copy')}: ${label}`}
              leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            >
              {copied ? t('common.copied') : t('common.copy')}
            </Button>
          )}
        </CopyButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, and the keyboard must reach them */}
      <pre role="region" className={styles.text} tabIndex={0} aria-label={label}>
        {value}
      </pre>
      {once && <p className={styles.once}>{t('common.shownOnce')}</p>}
    </div>
  )
}
