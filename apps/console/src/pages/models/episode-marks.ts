import type { Episode, Service } from '../../api/types.ts'
import type { AlarmMark } from '../../charts/plot-paint.ts'

/** Episodes on a time axis, as urgent as the service's alarm; without one they are the least of things. */
export const episodeMarks = (episodes: readonly Episode[], { alarm }: Pick<Service, 'alarm'>): AlarmMark[] =>
  episodes.map(({ id, from, to, explanation }) => ({
    id,
    from,
    to: to ?? undefined,
    priority: alarm?.priority ?? 'low',
    text: explanation,
  }))
