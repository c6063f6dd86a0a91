import type { PlatformConnections } from '@millwright/connectivity'
import type { ConnectionStatus } from '@millwright/contracts'
import type { Figure, Sample } from './metrics.ts'

type Held = ReturnType<PlatformConnections['statuses']>[number]

/** Figures of the connections that run in the platform, by adapter: how many are how, and what they bring in. */
export function connectionFigures(running: PlatformConnections): Figure[] {
  const by = (labelsOf: (held: Held) => readonly (readonly [Record<string, string>, number])[]) => (): Sample[] => {
    const sums = new Map<string, { labels: Record<string, string>; value: number }>()
    for (const held of running.statuses()) {
      for (const [labels, value] of labelsOf(held)) {
        const key = JSON.stringify(labels)
        const sum = sums.get(key) ?? { labels, value: 0 }
        sums.set(key, { labels, value: sum.value + value })
      }
    }
    return [...sums.values()]
  }
  return [
    {
      name: 'millwright_connection_count',
      help: 'Connections that run in the platform, by adapter and state',
      type: 'gauge',
      labels: ['adapter', 'state'],
      read: by(({ adapter, status }) => [[{ adapter, state: status.state }, 1]]),
    },
    {
      name: 'millwright_connection_readings_total',
      help: 'Readings that connections brought in since they were started',
      type: 'counter',
      labels: ['adapter'],
      read: by(({ adapter, status }) => [[{ adapter }, status.readings]]),
    },
    {
      name: 'millwright_connection_readings_per_second',
      help: 'Readings a second, over the last ten seconds',
      type: 'gauge',
      labels: ['adapter'],
      read: by(({ adapter, status }) => [[{ adapter }, status.readingsPerSecond]]),
    },
    {
      name: 'millwright_connection_counter_total',
      help: 'What adapters count, by their own names',
      type: 'counter',
      labels: ['adapter', 'counter'],
      read: by(({ adapter, status }) =>
        Object.entries(status.counters).map(([counter, value]) => [{ adapter, counter }, Math.max(0, value)] as const),
      ),
    },
  ]
}

/** What a person should mend of the connections: without their names, this is shown to whoever asks. */
export function connectionWarning(statuses: readonly { readonly status: ConnectionStatus }[]): string | undefined {
  const failed = statuses.filter(({ status }) => status.state === 'failed' || status.certificates.length > 0).length
  if (failed === 0) return undefined
  const which = failed === 1 ? '1 connection waits' : `${failed} connections wait`
  return `${which} for somebody to mend something: see Connections.`
}
