import type { Service } from '../../api/types.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import type { Condition } from './condition.ts'
import styles from './models.module.css'

/** Scoring live is normal and quiet; what needs somebody has a shape and a word of its own. */
export function ConditionMark({ condition }: { condition: Condition }) {
  return (
    <span className={styles.state} data-state={condition}>
      <span className={styles.shape} aria-hidden />
      {t(`models.state.${condition}`)}
    </span>
  )
}

/** Why it is as it is; undefined when it simply runs. */
export function useReason(): (service: Service, condition: Condition) => string | undefined {
  const format = useFormat()
  return (service, condition) => {
    if (condition === 'fault') return service.fault?.reason
    if (condition === 'trouble') return service.trouble ?? undefined
    if (service.training === null) return undefined
    const { number, progress, stage } = service.training
    return t('models.trainingAt', { number, progress: format.percent(Math.floor(progress * 100) / 100), stage })
  }
}
