import { useQueries } from '@tanstack/react-query'
import { episodesQuery } from '../../api/services.ts'
import type { Episode, Service, ServiceKind } from '../../api/types.ts'

/** Each service is asked by itself: of more than so many, who looks at the list gets the state alone. */
const MOST = 60

/** Episodes that go on now, by service. */
export function useNewestEpisodes(
  services: readonly Service[],
  kinds: readonly ServiceKind[],
): ReadonlyMap<string, Episode> {
  const telling = new Set(kinds.filter((kind) => kind.episodes).map(({ id }) => id))
  const asked = services.filter(({ state, kind }) => state === 'live' && telling.has(kind)).slice(0, MOST)
  const answers = useQueries({ queries: asked.map(({ id }) => episodesQuery(id, {}, 1)) })
  return new Map(
    answers.flatMap(({ data }) => {
      const newest = data?.[0]
      return newest !== undefined && newest.to === null ? [[newest.service, newest] as const] : []
    }),
  )
}
