import { Suspense } from 'react'
import type { ServiceVersion } from '../../api/types.ts'
import { lazyPart } from '../../components/lazy-part.tsx'
import { Stacked } from '../../components/page.tsx'
import { PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { changedSettings, comparedFigures } from './compare.ts'
import styles from './models.module.css'

const ReportChart = lazyPart(() => import('./report-chart.tsx').then((module) => module.ReportChart))

/** Two versions side by side: figures, what they were told, what they learnt from, their drawings. */
export function CompareView({ left, right }: { left: ServiceVersion; right: ServiceVersion }) {
  const format = useFormat()
  const value = (one: number | undefined, unit: string) =>
    one === undefined ? t('common.none') : `${format.value(one, unit)} ${format.unit(unit)}`.trim()
  const span = ({ from, to }: ServiceVersion) =>
    from === null || to === null ? t('common.none') : `${format.dateShort(from)} – ${format.dateShort(to)}`
  const used = ({ report }: ServiceVersion) => report?.used.map(({ name }) => name).join(', ') || t('common.none')
  const rows: [string, string, string][] = [
    ...comparedFigures(left.report, right.report).map((one): [string, string, string] => [
      one.name,
      value(one.left, one.unit),
      value(one.right, one.unit),
    ]),
    [t('models.split'), left.report?.validation?.split ?? '', right.report?.validation?.split ?? ''],
    [t('models.learntFrom'), span(left), span(right)],
    [t('models.used'), used(left), used(right)],
    ...changedSettings(left, right).map((one): [string, string, string] => [
      t('models.setting', { name: one.name }),
      one.left,
      one.right,
    ]),
  ]
  return (
    <Stacked>
      <div className={styles.scroll}>
        <table className={styles.plain} aria-label={t('models.compareOf', { left: left.number, right: right.number })}>
          <thead>
            <tr>
              <th scope="col">
                <span className="mw-hidden">{t('models.figures')}</span>
              </th>
              {[left, right].map((one) => (
                <th key={one.number} scope="col">
                  {t('models.versionOf', { number: one.number })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, a, b]) => (
              <tr key={name} data-differs={a !== b}>
                <th scope="row">{name}</th>
                <td>{a}</td>
                <td>{b}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles.sideBySide}>
        {[left, right].map((one) => (
          <section key={one.number} aria-label={t('models.versionOf', { number: one.number })}>
            <h3 className={styles.heading}>{t('models.versionOf', { number: one.number })}</h3>
            <p>{one.report?.summary ?? one.failure}</p>
            <Suspense fallback={<PanelSkeleton height={220} />}>
              {one.report?.charts.map((chart) => (
                <ReportChart key={chart.title} chart={chart} />
              ))}
            </Suspense>
          </section>
        ))}
      </div>
    </Stacked>
  )
}
