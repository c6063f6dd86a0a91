import type { EnergyView } from '../../api/types.ts'
import { Facts, Panel } from '../../components/page.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './energy.module.css'
import { rounded, withUncertainty } from './words.ts'

/** What the baseline is made of, in figures, and what speaks against it. */
export function BaselinePanel({ energy }: { energy: EnergyView }) {
  const format = useFormat()
  const { baseline } = energy
  return (
    <Panel title={t('energy.terms')}>
      <Facts
        items={[
          [
            t('energy.from'),
            t('energy.fromValue', {
              rows: baseline.rows,
              from: format.dateShort(baseline.from),
              to: format.dateShort(baseline.to),
            }),
          ],
          ...baseline.terms.map(
            ({ name, coefficient, standardError }) =>
              [
                name === 'constant' ? t('energy.constant') : t('energy.eachOf', { name }),
                withUncertainty(coefficient, standardError, format),
              ] as const,
          ),
          [t('energy.explains'), format.percent(Math.max(0, rounded(baseline.r2)))],
          [t('energy.error'), format.percent(rounded(baseline.cvRmse))],
          ...baseline.leftOut.map(({ what, reason }) => [t('energy.leftOut', { what }), reason] as const),
        ]}
      />
      {baseline.doubts.map((doubt) => (
        <p key={doubt} className={styles.help}>
          {doubt}
        </p>
      ))}
    </Panel>
  )
}
