import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { episodesQuery, servicesQuery } from '../../api/services.ts'
import type { Alarm, Episode, Service } from '../../api/types.ts'
import { Say, t } from '../../messages/index.tsx'
import { EpisodeView } from './episode-view.tsx'
import styles from './models.module.css'

/** An alarm may wait for its delay, and end before its episode does. */
const SLACK = 60 * 60_000_000

/** Why the alarm was raised, when a service raised it: its episode in words, and whether it was right. */
export function AlarmEpisode({ alarm, rule }: { alarm: Alarm; rule: string }) {
  const services = useQuery(servicesQuery(alarm.equipment))
  const service = services.data?.find((one) => one.rule === rule)
  return service === undefined ? null : <OfService alarm={alarm} service={service} />
}

function OfService({ alarm, service }: { alarm: Alarm; service: Service }) {
  const { raisedAt } = alarm
  const episodes = useQuery(episodesQuery(service.id, { from: raisedAt - SLACK, to: raisedAt + 1 }, 100))
  const episode = episodeAt(episodes.data ?? [], raisedAt)
  const name = (
    <Link key={service.id} to="/models/$id" params={{ id: service.id }}>
      {service.name}
    </Link>
  )
  return (
    <section className={styles.ofAlarm}>
      <h3>{t('models.why')}</h3>
      <p className={styles.note}>
        <Say id="models.raisedBy" values={{ name }} />{' '}
        {episode !== undefined && (
          <Link to="/models/$id" params={{ id: service.id }} search={{ tab: 'episodes', episode: episode.id }}>
            {t('models.openEpisode')}
          </Link>
        )}
      </p>
      {episode !== undefined && <EpisodeView service={service} episode={episode} chart={false} />}
    </section>
  )
}

/** The one during which the alarm was raised, else the last that ended before it. */
export const episodeAt = (episodes: readonly Episode[], time: number): Episode | undefined => {
  const begun = episodes.filter(({ from }) => from <= time).sort((a, b) => b.from - a.from)
  return begun.find(({ to }) => to === null || to >= time) ?? begun[0]
}
