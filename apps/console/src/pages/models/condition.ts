import type { Episode, Service } from '../../api/types.ts'

export const CONDITIONS = ['fault', 'episode', 'trouble', 'training', 'live', 'draft', 'stopped'] as const
/** How it is with a service, by who needs a person first. */
export type Condition = (typeof CONDITIONS)[number]

export function conditionOf(service: Service, episode: Episode | undefined): Condition {
  if (service.state === 'fault') return 'fault'
  if (service.state === 'live' && episode !== undefined) return 'episode'
  if (service.state === 'live' && service.trouble !== null) return 'trouble'
  if (service.training !== null) return 'training'
  return service.state
}

export const needsCare = (condition: Condition): boolean =>
  CONDITIONS.indexOf(condition) <= CONDITIONS.indexOf('trouble')

/** The result that says most: a score, else the first number. Undefined before anything was published. */
export const mainOutput = ({ outputs }: Pick<Service, 'outputs'>) =>
  outputs.find(({ name, signal }) => name === 'score' && signal !== null) ??
  outputs.find(({ kind, signal }) => kind === 'number' && signal !== null)

/** An anomaly's score is scaled so that the threshold of its alarm budget is always here. */
export const scoreLimits = (service: Pick<Service, 'kind'>): readonly number[] =>
  service.kind === 'anomaly' ? [0.5] : []
