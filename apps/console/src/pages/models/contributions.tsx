import type { Episode } from '../../api/types.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './models.module.css'

const MOST = 8

/** Which signals make it, and how much of it each. */
export function Contributions({ signals }: { signals: Episode['signals'] }) {
  const format = useFormat()
  if (signals.length === 0) return null
  return (
    <ul className={styles.shares} aria-label={t('models.contributions')}>
      {signals.slice(0, MOST).map(({ name, share }) => (
        <li key={name} className={styles.share}>
          <span>{name}</span>
          <span className={styles.shareTrack} aria-hidden>
            <span className={styles.shareBar} style={{ width: `${100 * Math.min(1, Math.max(0, share))}%` }} />
          </span>
          <span className="mw-number">{format.percent(share)}</span>
        </li>
      ))}
      {signals.length > MOST && (
        <li className={styles.note}>{t('models.moreSignals', { n: signals.length - MOST })}</li>
      )}
    </ul>
  )
}
