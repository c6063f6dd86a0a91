import type { ReactNode } from 'react'
import type { LifePrediction } from '../../api/types.ts'
import type { Formatter } from '../../messages/format.ts'
import { Say, t } from '../../messages/index.tsx'
import { figure, halfWidth, span, unitOf } from './span.ts'

const HOUR = 3_600_000_000

/** `9 ± 3 days`, `9 days (6 to 20)`, `more than 30 days`. */
export function leftWords(
  { remaining, state }: Pick<LifePrediction, 'remaining' | 'state'>,
  { locale }: Formatter,
): string {
  if (remaining === null || state === 'failed') return t('common.none')
  const { hours, low, high, atLeast } = remaining
  if (atLeast) return t('life.atLeast', { span: span(hours, locale) })
  const unit = unitOf(hours)
  const half = halfWidth(remaining)
  if (half !== undefined)
    return t('life.plusMinus', { middle: figure(hours, unit, locale), half: span(half, locale, unit) })
  const interval = t('life.interval', { low: figure(low, unit, locale), high: figure(high, unit, locale) })
  return t('life.ofInterval', { middle: span(hours, locale, unit), interval })
}

export const money = (value: number, currency: string, locale: string): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency, maximumSignificantDigits: 2 }).format(value)

/** How it stands with the life of a machine, in the sentence that a person came for. */
export function LifeSentence({ prediction, format }: { prediction: LifePrediction; format: Formatter }) {
  const { state, remaining } = prediction
  const left = leftWords(prediction, format)
  if (state === 'failed') return <b>{t('life.failedSentence')}</b>
  if (state === 'learning') return t('life.learningSentence')
  if (state === 'unknown' || remaining === null) return t('life.unknownSentence')
  if (state === 'healthy' && remaining.atLeast) return t('life.healthySentence')
  return (
    <>
      {state === 'healthy' ? t('life.healthyAge', { left }) : <b>{t('life.leftSentence', { left })}</b>}{' '}
      <AdviceSentence prediction={prediction} format={format} />
    </>
  )
}

function AdviceSentence({ prediction, format }: { prediction: LifePrediction; format: Formatter }): ReactNode {
  const { advice, at, remaining, acceleration } = prediction
  if (advice === null || at === null || remaining === null) return null
  const { locale } = format
  const ahead = ((advice.stopAt - at) / HOUR) * acceleration
  if (!advice.needed) return t('life.noStopSentence', { span: span(ahead, locale) })
  const costs = {
    cost: money(advice.cost, advice.currency, locale),
    waiting: money(advice.waiting, advice.currency, locale),
  }
  // A time that is past when it is read is now.
  if (ahead < 0.02 * remaining.hours) return t('life.stopNow', costs)
  if (acceleration !== 1) return <Say id="life.stopWithin" values={{ span: <b>{span(ahead, locale)}</b>, ...costs }} />
  return <Say id="life.stopSentence" values={{ time: <b>{format.when(advice.stopAt, at)}</b>, ...costs }} />
}
