import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Suspense, useMemo } from 'react'
import { signalsQuery } from '../../api/assets.ts'
import { episodesQuery } from '../../api/services.ts'
import { useCan } from '../../api/session.ts'
import type { Service, ServiceKind, Signal } from '../../api/types.ts'
import { RangePicker } from '../../charts/range-picker.tsx'
import { lazyPart } from '../../components/lazy-part.tsx'
import { Columns, Facts, Panel, Stacked } from '../../components/page.tsx'
import { PriorityMark } from '../../components/priority.tsx'
import { PanelSkeleton } from '../../components/states.tsx'
import { LiveValue } from '../../components/value.tsx'
import { useLatest, useLiveSignals } from '../../live/use-latest.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { mainOutput } from './condition.ts'
import { EpisodeView } from './episode-view.tsx'
import styles from './models.module.css'

const ScoreChart = lazyPart(() => import('./score-chart.tsx').then((module) => module.ScoreChart))
/** The output that most kinds have for people: a sentence, too long for a list of values. */
const EXPLANATION = 'explanation'
const NONE: readonly Signal[] = []

/** How the machine is by this service, now and over time: the words, the score, what makes it. */
export function OverviewTab({ service, kind }: { service: Service; kind: ServiceKind }) {
  const can = useCan()
  const sees = can('signal:read')
  const signals = useQuery({ ...signalsQuery({ equipment: service.equipment }), enabled: sees })
  const episodes = useQuery({ ...episodesQuery(service.id), enabled: kind.episodes })
  const all = signals.data ?? NONE
  const written = useMemo(
    () =>
      service.outputs.flatMap((output) => {
        const signal = all.find(({ id }) => id === output.signal)
        return signal === undefined ? [] : [{ output, signal }]
      }),
    [service.outputs, all],
  )
  useLiveSignals(useMemo(() => written.map(({ signal }) => signal), [written]))
  const newest = episodes.data?.[0]
  const main = mainOutput(service)
  if (written.length === 0) return null
  return (
    <>
      {main !== undefined && (
        <Panel title={t('models.chartOf', { output: main.name })} flush actions={<RangePicker />}>
          <Suspense fallback={<PanelSkeleton height={320} />}>
            <ScoreChart service={service} signals={all} episodes={episodes.data ?? []} />
          </Suspense>
        </Panel>
      )}
      <Columns>
        <Stacked>
          {/* While an episode goes on, its own words stand there. */}
          {newest?.to !== null && <Explanation written={written} />}
          {newest !== undefined && (
            <Panel
              title={newest.to === null ? t('models.episodeNow') : t('models.episodeLast')}
              actions={
                <Link to="/models/$id" params={{ id: service.id }} search={{ tab: 'episodes', episode: newest.id }}>
                  {t('models.openEpisode')}
                </Link>
              }
            >
              <EpisodeTimes from={newest.from} to={newest.to} />
              <EpisodeView service={service} episode={newest} chart={false} />
            </Panel>
          )}
          {newest === undefined && kind.episodes && (
            <Panel title={t('models.episodes')}>
              <p className={styles.note}>{t('models.noEpisodes')}</p>
            </Panel>
          )}
        </Stacked>
        <Stacked>
          <Panel title={t('models.results')} flush>
            <ul className={styles.rows}>
              {written.map(({ output, signal }) => (
                <li key={signal.id} className={styles.row}>
                  <span>
                    <Link
                      to="/machines/$id"
                      params={{ id: service.equipment }}
                      search={{ tab: 'live', signals: [signal.id] }}
                    >
                      {signal.name}
                    </Link>
                    <span className={styles.about}>{output.about}</span>
                  </span>
                  {output.name !== EXPLANATION && <LiveValue signal={signal} />}
                </li>
              ))}
            </ul>
          </Panel>
          <Panel title={t('models.alarm')}>
            <Facts
              dense
              items={[
                [
                  t('rules.priority'),
                  service.alarm === null ? (
                    t('models.alarmNone')
                  ) : (
                    <PriorityMark key="priority" priority={service.alarm.priority} />
                  ),
                ],
                service.rule !== null && [
                  t('alarms.rule'),
                  can('rule:read') ? (
                    <Link key="rule" to="/alarms/rules/$id" params={{ id: service.rule }}>
                      {t('models.ruleOfIt')}
                    </Link>
                  ) : (
                    service.name
                  ),
                ],
              ]}
            />
          </Panel>
        </Stacked>
      </Columns>
    </>
  )
}

interface Written {
  readonly output: Service['outputs'][number]
  readonly signal: Signal
}

/** The newest explanation, where the kind gives one. */
function Explanation({ written }: { written: readonly Written[] }) {
  const found = written.find(({ output }) => output.name === EXPLANATION && output.kind === 'state')
  return found === undefined ? null : <Words signal={found.signal} />
}

function Words({ signal }: { signal: Signal }) {
  const value = useLatest(signal.id)
  return (
    <Panel title={t('models.explanation')}>
      <p className={styles.explanation}>{value?.time == null ? t('models.notYet') : String(value.value)}</p>
    </Panel>
  )
}

function EpisodeTimes({ from, to }: { from: number; to: number | null }) {
  const format = useFormat()
  return (
    <p className={styles.note}>
      {to === null
        ? t('models.since', { from: format.dateShort(from) })
        : `${format.dateShort(from)} – ${format.dateShort(to)}`}
    </p>
  )
}
