import type { Agent } from '../../api/types.ts'
import { t } from '../../messages/index.tsx'

/** What the agent is to do, and how far it is with it. */
export function configurationText({ configuration }: Agent): string {
  const { desired, reported, state } = configuration
  const values = { desired: String(desired), reported: reported === undefined ? t('common.none') : String(reported) }
  switch (state) {
    case 'none':
      return t('agents.configuration.none')
    case 'pending':
    case 'failed':
      return t(`agents.configuration.${state}`, { desired: values.desired })
    case 'applied':
      return t('agents.configuration.applied', { reported: values.reported })
    case 'rolled-back':
      return t('agents.configuration.rolled-back', values)
  }
}

/** What a person must look at, in words; undefined: nothing. */
export function troubleOf(agent: Agent): string | undefined {
  const { state, reason } = agent.configuration
  if (state === 'rolled-back' || state === 'failed') return reason ?? configurationText(agent)
  if (!agent.online && agent.software !== undefined) return t('agents.offline')
  return undefined
}

/** Whether it ever came. */
export const isNew = (agent: Agent): boolean => agent.software === undefined && !agent.online
