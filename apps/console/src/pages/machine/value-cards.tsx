import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { seriesQuery } from '../../api/history.ts'
import type { Asset, Signal } from '../../api/types.ts'
import { seriesIndex, seriesVariable } from '../../charts/series-style.ts'
import { Sparkline } from '../../charts/sparkline.tsx'
import { LiveValue } from '../../components/value.tsx'
import { t } from '../../messages/index.tsx'
import styles from './value-cards.module.css'

const LOOK_BACK = 15 * 60_000_000
const LINE = 120

/** Every signal with its value now, its age and quality, and its last quarter of an hour. */
export function ValueCards({ node, signals }: { node: Asset; signals: readonly Signal[] }) {
  const [to] = useState(() => Date.now() * 1000)
  const drawn = signals.filter((signal) => signal.kind === 'number')
  const { data } = useQuery(
    seriesQuery(
      drawn.map((signal) => signal.id),
      to - LOOK_BACK,
      to,
      LINE,
    ),
  )
  const lines = new Map(data?.map((series) => [series.signal, series]))
  return (
    <ul className={styles.cards} aria-label={t('machine.values')}>
      {signals.map((signal) => {
        const line = lines.get(signal.id)
        return (
          <li key={signal.id}>
            <Link
              to="/machines/$id"
              params={{ id: node.id }}
              search={{ tab: 'live', signals: [signal.id] }}
              className={styles.card}
              title={signal.description || undefined}
            >
              <span className={styles.name}>{signal.name}</span>
              <span className={styles.body}>
                <LiveValue signal={signal} size="large" />
                {line !== undefined && (
                  <Sparkline
                    time={line.time}
                    value={line.value}
                    from={to - LOOK_BACK}
                    to={to}
                    width={92}
                    height={30}
                    colour={seriesVariable(seriesIndex(signal, signals))}
                  />
                )}
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
