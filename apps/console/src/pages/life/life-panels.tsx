import type { LifeDetail } from '../../api/types.ts'
import { Columns, Facts, Panel, Stacked } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useNow } from '../../live/clock.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { CostChart } from './cost-chart.tsx'
import { HealthChart } from './health-chart.tsx'
import styles from './life.module.css'
import { span } from './span.ts'
import { LifeSentence, leftWords, money } from './words.tsx'

/** A prediction older than this says how old it is. */
const OLD = 30_000_000

/** The answer first, then where the health leads, what a stop costs by when, and what makes it. */
export function LifePanels({ life }: { life: LifeDetail }) {
  const format = useFormat()
  const now = useNow()
  const known = life.state === 'healthy' || life.state === 'wearing' || life.state === 'failed'
  return (
    <Stacked>
      <p className={styles.answer}>
        <LifeSentence prediction={life} format={format} />
        {life.live && life.at !== null && now - life.at > OLD && (
          <> {t('life.saidAgo', { age: format.ago(life.at, now) })}</>
        )}
        {!life.live && life.at !== null && <> {t('life.offSentence', { age: format.dateTime(life.at) })}</>}
      </p>
      {known && (
        <Columns wide>
          <Panel title={t('life.healthTrend')}>
            <HealthChart life={life} />
          </Panel>
          <Panel title={t('life.costCurve')}>
            {life.advice === null ? (
              <EmptyState>{withoutAdvice(life)}</EmptyState>
            ) : (
              <>
                <CostChart life={life} />
                <p className={styles.help}>{t('life.costHelp')}</p>
              </>
            )}
          </Panel>
        </Columns>
      )}
      <Columns wide>
        <Panel title={t('life.why')}>
          {life.explanation !== '' && <p className={styles.why}>{life.explanation}</p>}
          <p className={styles.help}>{life.summary}</p>
          {life.drivers.length > 0 && <Drivers drivers={life.drivers} />}
        </Panel>
        <Panel title={t('life.figures')}>
          <Figures life={life} />
        </Panel>
      </Columns>
    </Stacked>
  )
}

function withoutAdvice({ state, costsKnown }: LifeDetail): string {
  if (!costsKnown) return t('life.noCosts')
  return state === 'failed' ? t('life.tooLate') : t('life.nothingToDecide')
}

function Drivers({ drivers }: Pick<LifeDetail, 'drivers'>) {
  const format = useFormat()
  return (
    <section aria-label={t('life.drivers')}>
      <h3 className={styles.heading}>{t('life.drivers')}</h3>
      <ol className={styles.drivers}>
        {drivers.slice(0, 6).map(({ name, share }) => (
          <li key={name}>
            <span>{name}</span>
            <span className={styles.bar} style={{ width: `${Math.round(100 * share)}%` }} aria-hidden />
            <span className={styles.share}>{format.percent(share)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Figures({ life }: { life: LifeDetail }) {
  const format = useFormat()
  const { locale } = format
  const { advice, at, remaining, limit } = life
  const within = t('life.probability', { span: span(life.within, locale) })
  return (
    <Facts
      dense
      items={[
        [t('life.state'), t(`life.state.${life.state}`)],
        life.health !== null && [t('life.health'), format.percent(life.health / 100)],
        remaining !== null && life.state !== 'failed' && [t('life.left'), leftWords(life, format)],
        life.failureProbability !== null && [within, format.percent(life.failureProbability)],
        advice?.needed === true && [
          t('life.bestWindow'),
          t('life.windowSpan', { from: format.when(advice.from, at ?? 0), to: format.when(advice.to, at ?? 0) }),
        ],
        advice?.needed === true && [t('life.failureBefore'), format.percent(advice.failureBefore)],
        advice !== null && [t('life.stopping'), money(advice.cost, advice.currency, locale)],
        advice !== null && [t('life.waiting'), money(advice.waiting, advice.currency, locale)],
        limit !== null && [
          t('life.limit'),
          t(`life.limit.${limit.direction}`, { signal: limit.name, value: format.number(limit.value) }),
        ],
        [t('life.basis'), life.calibrated ? t('life.calibrated') : t('life.uncalibrated')],
        life.acceleration !== 1 && [
          t('life.acceleration'),
          t('life.accelerated', { span: span(life.acceleration / 3600, locale) }),
        ],
        life.horizon > 0 && [t('life.lookAhead'), span(life.horizon, locale)],
        [t('life.service'), life.serviceName],
        at !== null && [t('life.asOf'), format.dateTime(at)],
      ]}
    />
  )
}
