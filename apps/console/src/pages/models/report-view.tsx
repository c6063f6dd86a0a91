import { Suspense } from 'react'
import type { ServiceReport, ServiceVersion } from '../../api/types.ts'
import { lazyPart } from '../../components/lazy-part.tsx'
import { Facts, Stacked } from '../../components/page.tsx'
import { PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './models.module.css'

const ReportChart = lazyPart(() => import('./report-chart.tsx').then((module) => module.ReportChart))

/** What training used and left out, how good it is and how that was found out: the words first, then the evidence. */
export function ReportView({ version, report }: { version: ServiceVersion; report: ServiceReport }) {
  const format = useFormat()
  return (
    <Stacked>
      <p className={styles.summary}>{report.summary}</p>
      {report.validation !== null && (
        <section>
          <h3 className={styles.heading}>{t('models.validation')}</h3>
          <p className={styles.note}>{report.validation.split}</p>
          <Figures figures={report.validation.figures} />
        </section>
      )}
      {report.figures.length > 0 && (
        <section>
          <h3 className={styles.heading}>{t('models.figures')}</h3>
          <Figures figures={report.figures} />
        </section>
      )}
      {report.charts.length > 0 && (
        <Suspense fallback={<PanelSkeleton height={220} />}>
          <div className={styles.charts}>
            {report.charts.map((chart) => (
              <ReportChart key={chart.title} chart={chart} />
            ))}
          </div>
        </Suspense>
      )}
      <section>
        <h3 className={styles.heading}>{t('models.used')}</h3>
        {report.used.length === 0 ? (
          <p className={styles.note}>{t('common.none')}</p>
        ) : (
          <ul className={styles.parts}>
            {report.used.map((part) => (
              <li key={part.name}>
                <b>{part.name}</b>
                <span className={styles.note}>
                  {part.rows > 0 && t('common.rows', { n: part.rows })}
                  {part.rows > 0 && part.note !== undefined && ' · '}
                  {part.note}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {report.leftOut.length > 0 && (
        <section>
          <h3 className={styles.heading}>{t('models.leftOut')}</h3>
          <ul className={styles.parts}>
            {report.leftOut.map(({ what, reason }) => (
              <li key={what}>
                <b>{what}</b>
                <span>{reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {report.notes.length > 0 && (
        <section>
          <h3 className={styles.heading}>{t('models.notes')}</h3>
          <ul className={styles.notes}>
            {report.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3 className={styles.heading}>{t('models.origin')}</h3>
        <Facts
          dense
          items={[
            version.from !== null && [t('common.from'), format.dateTime(version.from)],
            version.to !== null && [t('common.to'), format.dateTime(version.to)],
            [t('models.madeBy'), version.createdBy],
            [t('common.created'), format.dateTime(version.createdAt)],
            version.size !== null && [t('models.size'), format.bytes(version.size)],
            version.sha256 !== null && [
              t('models.sha256'),
              <span key="sha" className={styles.hash} title={version.sha256}>
                {version.sha256.slice(0, 16)}
              </span>,
            ],
          ]}
        />
      </section>
    </Stacked>
  )
}

function Figures({ figures }: { figures: ServiceReport['figures'] }) {
  const format = useFormat()
  if (figures.length === 0) return null
  return (
    <dl className={styles.figures}>
      {figures.map(({ name, value, unit, about }) => (
        <div key={name} className={styles.figureOf}>
          <dt>{name}</dt>
          <dd>
            <span className={styles.big}>{format.value(value, unit)}</span> {format.unit(unit)}
          </dd>
          {about !== undefined && <dd className={styles.note}>{about}</dd>}
        </div>
      ))}
    </dl>
  )
}
