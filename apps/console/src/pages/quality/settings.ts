import type { Service, Signal } from '../../api/types.ts'

/** Settings name signals of the equipment by name, others by id. */
const named = ({ equipment }: Service, signals: readonly Signal[], name: unknown): Signal | undefined =>
  signals.find((signal) => signal.id === name || (signal.equipment === equipment && signal.name === name))

/** The signal of what a quality service foresees. */
export function resultSignal(service: Service, signals: readonly Signal[]): string | undefined {
  const found = named(service, signals, service.settings['result'])
  return found?.kind === 'number' ? found.id : undefined
}

export function settingLimit(service: Service | undefined, side: 'lower' | 'upper'): number | undefined {
  const limit = service?.settings[side]
  return typeof limit === 'number' ? limit : undefined
}

/** The process signals of each station, by the names that they have there. */
export function processSignals(
  service: Service,
  signals: readonly Signal[],
): { readonly station: string; readonly signal: string }[] {
  const stations = service.settings['stations']
  if (!Array.isArray(stations)) return []
  return stations.flatMap(({ name, signals: names }: { name: string; signals: readonly string[] }) =>
    names.flatMap((each) => {
      const found = named(service, signals, each)
      return found === undefined ? [] : [{ station: name, signal: found.name }]
    }),
  )
}
