import type { EnergyView } from '../../api/types.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { money, withUncertainty } from './words.ts'

/** What was saved: the sentence that a person came for. */
export function Answer({ energy }: { energy: EnergyView }) {
  const format = useFormat()
  const { saving, currency, baseline } = energy
  if (saving === null) return t('energy.nothingSince', { to: format.dateShort(baseline.to) })
  const { avoided, uncertainty, share, cost, significant, outside, from } = saving
  const said = { share: format.percent(Math.round(Math.abs(share) * 1000) / 1000), since: format.dateShort(from) }
  return (
    <>
      {avoided >= 0 ? t('energy.saved', said) : t('energy.lost', said)}
      <b>{withUncertainty(Math.abs(avoided), uncertainty, format)}</b>
      {t('energy.costs', { cost: money(Math.abs(cost), currency, format.locale) })}{' '}
      {!significant && t('energy.notSure')}{' '}
      {outside > 0.05 && t('energy.outside', { share: format.percent(Math.round(outside * 100) / 100) })}
    </>
  )
}
