import type { Finding, Readiness } from '../../api/types.ts'
import { IconAlertTriangle, IconCheck, IconInfoCircle } from '../../components/icons.ts'
import { Stacked } from '../../components/page.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './models.module.css'

const ICONS = { ok: IconCheck, advice: IconInfoCircle, missing: IconAlertTriangle }

/** What history there is for it: what is missing first, then each signal's own stretch of it. */
export function ReadinessView({ readiness }: { readiness: Readiness }) {
  return (
    <Stacked>
      <p role="status" className={styles.verdict} data-level={readiness.level}>
        {t(`models.readiness.${readiness.level}`)}
      </p>
      <ul className={styles.findings}>
        {readiness.findings.map((finding) => (
          <FindingLine key={`${finding.code} ${finding.signal ?? ''}`} finding={finding} />
        ))}
      </ul>
      {readiness.inputs.length > 0 && <Coverage readiness={readiness} />}
    </Stacked>
  )
}

function FindingLine({ finding }: { finding: Finding }) {
  const Icon = ICONS[finding.level]
  return (
    <li className={styles.finding} data-level={finding.level}>
      <Icon size={18} aria-hidden />
      <span className="mw-hidden">{t(`models.level.${finding.level}`)}</span>
      <span>{finding.sentence}</span>
    </li>
  )
}

/** Each signal's readings along the span that would be learnt from. */
function Coverage({ readiness: { from, to, inputs } }: { readiness: Readiness }) {
  const format = useFormat()
  const share = (time: number) => `${(100 * (time - from)) / Math.max(1, to - from)}%`
  return (
    <div className={styles.scroll}>
      <table className={styles.plain} aria-label={t('models.history')}>
        <thead>
          <tr>
            <th scope="col">{t('models.signal')}</th>
            <th scope="col" className={styles.wide}>
              <span className={styles.ends}>
                <span>{format.dateShort(from)}</span>
                <span>{format.dateShort(to)}</span>
              </span>
            </th>
            <th scope="col" className={styles.end}>
              {t('models.coverage')}
            </th>
            <th scope="col" className={styles.end}>
              {t('models.usable')}
            </th>
          </tr>
        </thead>
        <tbody>
          {inputs.map((input) => (
            <tr key={input.signal}>
              <th scope="row">{input.name}</th>
              <td>
                <span
                  className={styles.track}
                  role="img"
                  aria-label={
                    input.oldest === null || input.newest === null
                      ? t('models.noHistory')
                      : `${format.dateShort(input.oldest)} – ${format.dateShort(input.newest)}`
                  }
                >
                  {input.oldest !== null && input.newest !== null && (
                    <span
                      className={styles.stretch}
                      style={{
                        left: share(Math.max(from, input.oldest)),
                        right: `calc(100% - ${share(Math.min(to, input.newest))})`,
                        opacity: 0.25 + 0.75 * input.coverage,
                      }}
                    />
                  )}
                </span>
              </td>
              <td className={styles.end}>{format.percent(input.coverage)}</td>
              <td className={styles.end}>{t('models.usableOf', { usable: input.usable, readings: input.readings })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
