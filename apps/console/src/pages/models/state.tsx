import type { Service } from '../../api/types.ts'
import { ConditionMark, type Look } from '../../components/condition-mark.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import type { Condition } from './condition.ts'

const LOOKS: Record<Condition, Look> = {
  fault: 'critical',
  episode: 'high',
  trouble: 'medium',
  training: 'beginning',
  live: 'working',
  draft: 'idle',
  stopped: 'idle',
}

export const StateMark = ({ condition }: { condition: Condition }) => (
  <ConditionMark look={LOOKS[condition]}>{t(`models.state.${condition}`)}</ConditionMark>
)

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
