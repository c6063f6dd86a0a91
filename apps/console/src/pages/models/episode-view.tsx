import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Suspense } from 'react'
import { signalsQuery } from '../../api/assets.ts'
import { useCan } from '../../api/session.ts'
import type { Episode, Service } from '../../api/types.ts'
import { lazyPart } from '../../components/lazy-part.tsx'
import { Facts, Stacked } from '../../components/page.tsx'
import { PanelSkeleton } from '../../components/states.tsx'
import { useNow } from '../../live/clock.ts'
import { Say, t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { Contributions } from './contributions.tsx'
import { Feedback } from './feedback.tsx'
import styles from './models.module.css'

const EpisodeChart = lazyPart(() => import('./episode-chart.tsx').then((module) => module.EpisodeChart))

interface EpisodeViewProps {
  service: Service
  episode: Episode
  /** The signals around it are drawn; an alarm has a chart of its own. */
  chart?: boolean
}

/** One episode: in words, which signals make it, what it looks like, and what people say of it. */
export function EpisodeView({ service, episode, chart = true }: EpisodeViewProps) {
  const format = useFormat()
  const now = useNow()
  const can = useCan()
  const signals = useQuery({ ...signalsQuery({ equipment: service.equipment }), enabled: chart && can('signal:read') })
  const { similar } = episode
  return (
    <Stacked>
      <p className={styles.explanation}>{episode.explanation}</p>
      <Contributions signals={episode.signals} />
      {similar !== null && <Similar service={service} similar={similar} />}
      <Feedback key={episode.label?.id ?? ''} episode={episode} readOnly={!can('label:write')} />
      {chart && signals.data !== undefined && (
        <Suspense fallback={<PanelSkeleton height={260} />}>
          <EpisodeChart service={service} episode={episode} signals={signals.data} />
        </Suspense>
      )}
      {chart && (
        <Facts
          dense
          items={[
            [t('models.began'), format.dateTime(episode.from)],
            [t('models.ended'), episode.to === null ? t('models.goesOn') : format.dateTime(episode.to)],
            [t('models.lasted'), format.duration((episode.to ?? Math.max(now, episode.from)) - episode.from)],
            [t('models.peak'), `${format.number(episode.peak)} (${format.when(episode.peakAt, now)})`],
            [t('models.version'), episode.number],
          ]}
        />
      )}
    </Stacked>
  )
}

/** What it looks like: the earlier episode, and what people said that one was. */
function Similar({ service, similar }: { service: Service; similar: NonNullable<Episode['similar']> }) {
  const format = useFormat()
  const now = useNow()
  const likeness = format.percent(similar.likeness)
  const episode = (
    <Link
      key={similar.episode}
      to="/models/$id"
      params={{ id: service.id }}
      search={{ tab: 'episodes', episode: similar.episode }}
    >
      {t('models.episodeAt', { from: format.when(similar.from, now) })}
    </Link>
  )
  const what = similar.what ?? ''
  return (
    <p className={styles.similar}>
      {what === '' ? (
        <Say id="models.similar" values={{ likeness, episode }} />
      ) : (
        <Say id="models.similarWhat" values={{ likeness, episode, what }} />
      )}
    </p>
  )
}
