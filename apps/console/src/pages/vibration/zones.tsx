import type { VibrationDiagnosis } from '../../api/types.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './vibration.module.css'

const ZONES = ['A', 'B', 'C', 'D'] as const

/** The four zones, each as wide as the others, and where the machine stands among them. */
export function Zones({ severity }: { severity: VibrationDiagnosis['severity'] }) {
  const format = useFormat()
  const { zone, velocity, limits, standard } = severity
  const at = ZONES.indexOf(zone)
  const low = limits[at - 1] ?? 0
  const high = limits[at] ?? Math.max(2 * low, velocity)
  const part = (at + Math.min(1, (velocity - low) / (high - low || 1))) / ZONES.length
  const value = format.number(velocity)
  return (
    <>
      <div
        className={styles.zones}
        role="img"
        aria-label={t('vibration.zones', { value, zone, standard, class: severity.class })}
      >
        {ZONES.map((each, n) => (
          <div
            key={each}
            className={`${styles.zone} ${each === 'C' ? styles.zoneC : each === 'D' ? styles.zoneD : ''}`}
          >
            {t('vibration.zone', { zone: each })}
            {n > 0 && ` > ${format.number(limits[n - 1])}`}
          </div>
        ))}
        <div className={`${styles.needle} ${part > 0.6 ? styles.needleLeft : ''}`} style={{ left: `${100 * part}%` }}>
          <span>{`${value} mm/s`}</span>
        </div>
      </div>
      <p className={styles.limits}>{t('vibration.limitsOf', { standard, class: severity.class })}</p>
    </>
  )
}
