import type { EnergyView } from '../../api/types.ts'
import { Columns, Panel } from '../../components/page.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './energy.module.css'
import { energyOf, money, rounded } from './words.ts'

const DAY = 86_400_000_000

/** Idle energy, and what flows at rest. */
export function WastePanels({ energy }: { energy: EnergyView }) {
  return (
    <Columns>
      <Panel title={t('energy.idle')}>
        <Idle energy={energy} />
      </Panel>
      <Panel title={t('energy.leak')}>
        <Leak energy={energy} />
      </Panel>
    </Columns>
  )
}

function Idle({ energy: { idle, currency } }: { energy: EnergyView }) {
  const format = useFormat()
  if (idle === null) return <p className={styles.sentence}>{t('energy.idleNone')}</p>
  return (
    <>
      <p className={styles.sentence}>
        {t('energy.idleSentence', {
          share: format.percent(rounded(idle.share)),
          energy: energyOf(idle.energy, format),
          days: format.duration(Math.round(idle.days * 24) * (DAY / 24)),
          cost: money(idle.cost, currency, format.locale),
          power: `${format.number(rounded(idle.power))} ${format.unit('kW')}`,
        })}
      </p>
      {idle.longest.length > 0 && (
        <>
          <p className={styles.help}>{t('energy.idleLongest')}</p>
          <ul className={styles.list}>
            {idle.longest.slice(0, 3).map(({ from, to, energy }) => (
              <li key={from}>
                {t('energy.idleSpan', {
                  from: format.dateShort(from),
                  to: format.dateShort(to),
                  energy: energyOf(energy, format),
                })}
              </li>
            ))}
          </ul>
        </>
      )}
      {idle.by === 'power' && <p className={styles.help}>{t('energy.idleByPower')}</p>}
    </>
  )
}

function Leak({ energy: { leak } }: { energy: EnergyView }) {
  const format = useFormat()
  if (leak === null) return <p className={styles.sentence}>{t('energy.leakUnknown')}</p>
  const value = (amount: number) => `${format.number(rounded(amount))} ${format.unit(leak.unit)}`
  const { change } = leak
  return (
    <p className={styles.sentence}>
      {t('energy.leakSentence', { signal: leak.signal, now: value(leak.now), best: value(leak.best) })}{' '}
      {leak.leak > 0
        ? t('energy.leakMend', { leak: value(leak.leak), share: format.percent(rounded(leak.share)) })
        : t('energy.leakNone')}{' '}
      {change !== null &&
        t(change.by > 0 ? 'energy.leakUp' : 'energy.leakDown', {
          by: value(Math.abs(change.by)),
          at: format.date(change.at),
        })}
    </p>
  )
}
