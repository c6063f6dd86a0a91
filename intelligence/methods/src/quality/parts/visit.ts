/** When a part was where: the skeleton of its genealogy. Times in integer µs since the epoch. */
export interface Visit {
  readonly serial: string
  readonly station: string
  readonly from: number
  readonly to: number
}

/** A change of what a station's serial signal shows. */
export interface SerialReading {
  readonly time: number
  /** Empty, or one of `nobody`: no part there. */
  readonly serial: string
}

/** What stations show while they are empty. */
const NOBODY: ReadonlySet<string> = new Set(['', 'none', 'null', '-', '0', 'no part'])

export const isSerial = (text: string): boolean => !NOBODY.has(text.trim().toLowerCase())

/**
 * Visits as a station's serial signal tells them: a part is there from the reading that first shows it to the one that shows another or none.
 * Follows readings one at a time, live as over history.
 */
export class VisitTracker {
  readonly #station: string
  #now: { serial: string; from: number } | undefined

  constructor(station: string) {
    this.#station = station
  }

  /** The part that is there, undefined: none. */
  get present(): { readonly serial: string; readonly from: number } | undefined {
    return this.#now
  }

  /** @returns the visit that this reading ends */
  take({ time, serial }: SerialReading): Visit | undefined {
    const before = this.#now
    if (before?.serial === serial) return undefined
    // A reading that comes late would end a visit before it began.
    if (before !== undefined && time < before.from) return undefined
    this.#now = isSerial(serial) ? { serial, from: time } : undefined
    return before === undefined || time === before.from ? undefined : { ...before, station: this.#station, to: time }
  }
}

/** All visits of a station in its history; the part that is still there is left out. */
export function visitsOf(station: string, readings: Iterable<SerialReading>): Visit[] {
  const tracker = new VisitTracker(station)
  const visits: Visit[] = []
  for (const reading of readings) {
    const visit = tracker.take(reading)
    if (visit !== undefined) visits.push(visit)
  }
  return visits
}
