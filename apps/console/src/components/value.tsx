import type { Signal } from '../api/types.ts'
import { qualityKey, severity } from '../charts/quality.ts'
import { useNow } from '../live/clock.ts'
import { freshness } from '../live/freshness.ts'
import { useLatest } from '../live/use-latest.ts'
import { t } from '../messages/index.tsx'
import { useFormat } from '../messages/use-format.ts'
import styles from './value.module.css'

/** A reading of any kind in words: numbers in the viewer's unit, documents by their size. */
export function useValueText(): (signal: Pick<Signal, 'kind' | 'unit'>, value: unknown, whole?: boolean) => string {
  const format = useFormat()
  return (signal, value, whole) => {
    if (signal.kind === 'waveform') return t('kind.waveform')
    if (value === null || value === undefined) return t('common.none')
    if (signal.kind === 'boolean') return value === 1 || value === true ? t('common.yes') : t('common.no')
    if (typeof value === 'number') return format.value(value, signal.unit, whole)
    if (signal.kind === 'position' && typeof value === 'object') {
      const { latitude, longitude } = value as { latitude: number; longitude: number }
      return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
    }
    if (typeof value === 'object') return t('machine.documentFields', { n: Object.keys(value).length })
    return String(value)
  }
}

interface LiveValueProps {
  signal: Signal
  size?: 'small' | 'large'
  /** The age and quality under the value. */
  detail?: boolean
}

/** A live value with its unit; its age and quality are always told, and a stale one is visibly stale. */
export function LiveValue({ signal, size = 'small', detail = true }: LiveValueProps) {
  const now = useNow()
  const format = useFormat()
  const text = useValueText()
  const value = useLatest(signal.id)
  const fresh = freshness(value?.time ?? null, now, {
    staleAfter: signal.staleAfter,
    interval: value?.interval,
    told: value?.told ?? false,
  })
  const quality = value === undefined || value.time === null ? 'good' : severity(value.quality)
  return (
    <span className={styles.value} data-fresh={fresh} data-quality={quality}>
      <span className={size === 'large' ? styles.large : styles.small}>
        {text(signal, value?.value, value?.whole)}
        <span className={styles.unit}>{signal.kind === 'number' ? format.unit(signal.unit) : ''}</span>
      </span>
      {detail && (
        <span className={styles.detail}>
          {value?.time == null ? t('machine.noReading') : format.ago(value.time, Math.max(now, value.time))}
          {fresh === 'stale' && ` · ${t('machine.stale')}`}
          {quality !== 'good' && ` · ${t(qualityKey(value!.quality))}`}
        </span>
      )}
    </span>
  )
}
