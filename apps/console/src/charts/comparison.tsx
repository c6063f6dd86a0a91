import { ActionIcon } from '@mantine/core'
import { IconX } from '../components/icons.ts'
import { t } from '../messages/index.tsx'
import { useFormat } from '../messages/use-format.ts'
import styles from './chart-group.module.css'
import { statistics } from './columns.ts'
import { Swatch } from './legend.tsx'
import type { PlotLine } from './plot.tsx'
import type { Span } from './time-range.ts'
import type { DrawnSeries } from './use-series.ts'

interface ComparisonProps {
  series: readonly DrawnSeries[]
  lines: readonly PlotLine[]
  /** A, and B that was chosen. */
  spans: readonly [Span, Span]
  onClose: () => void
}

/** A chosen stretch (B) beside the same length of time before it (A). */
export function Comparison({ series, lines, spans: [a, b], onClose }: ComparisonProps) {
  const format = useFormat()
  return (
    <section className={styles.comparison} aria-label={t('chart.comparison')}>
      <div className={styles.comparisonHead}>
        <span>
          {t('chart.comparisonOf', {
            a: `${format.dateShort(a.from)} – ${format.time(a.to)}`,
            b: `${format.dateShort(b.from)} – ${format.time(b.to)}`,
          })}
        </span>
        <ActionIcon aria-label={t('chart.endComparison')} onClick={onClose}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </div>
      <div className={styles.scroll}>
        <table className={styles.legend}>
          <thead>
            <tr>
              <th scope="col">{t('chart.signal')}</th>
              <th scope="col">{t('chart.meanA')}</th>
              <th scope="col">{t('chart.meanB')}</th>
              <th scope="col">{t('chart.change')}</th>
              <th scope="col">{t('chart.changePart')}</th>
              <th scope="col">{t('chart.spreadA')}</th>
              <th scope="col">{t('chart.spreadB')}</th>
            </tr>
          </thead>
          <tbody>
            {series.map(({ signal, columns }, index) => {
              const before = statistics(columns, a.from, a.to)
              const chosen = statistics(columns, b.from, b.to)
              const change =
                before.mean === undefined || chosen.mean === undefined ? undefined : chosen.mean - before.mean
              return (
                <tr key={signal.id}>
                  <th scope="row">
                    <span className={styles.toggle}>
                      <Swatch line={lines[index]!} /> {signal.name}
                    </span>
                  </th>
                  <td>{format.number(before.mean)}</td>
                  <td>{format.number(chosen.mean)}</td>
                  <td>
                    {change !== undefined && change > 0 ? '+' : ''}
                    {format.number(change)} {format.unit(signal.unit)}
                  </td>
                  <td>
                    {change === undefined || !before.mean
                      ? t('common.none')
                      : format.percent(change / Math.abs(before.mean))}
                  </td>
                  <td>{`${format.number(before.min)} – ${format.number(before.max)}`}</td>
                  <td>{`${format.number(chosen.min)} – ${format.number(chosen.max)}`}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}
