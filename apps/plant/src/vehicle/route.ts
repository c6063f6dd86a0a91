import type { Position } from '../core/machine.ts'

/** A place on the route where the vehicle stops. */
export interface Stop {
  readonly name: string
  /** Index of the route's point. */
  readonly at: number
  readonly purpose: 'load' | 'unload' | 'charge'
}

/** m per degree of latitude on the WGS 84 ellipsoid near 51° N, and per degree of longitude there. */
const LATITUDE_METRES = 111_260
const longitudeMetres = (latitude: number) => 111_412 * Math.cos((latitude * Math.PI) / 180)

/** A closed way over real coordinates: position and heading at a distance along it. */
export class Route {
  readonly length: number
  readonly #points: readonly Position[]
  /** Metres from the start to each point; the last closes the loop. */
  readonly #marks: number[]

  constructor(points: readonly Position[]) {
    this.#points = points
    this.#marks = [0]
    for (let i = 0; i < points.length; i++) {
      const { east, north } = apart(points[i]!, points[(i + 1) % points.length]!)
      this.#marks.push(this.#marks[i]! + Math.hypot(east, north))
    }
    this.length = this.#marks.at(-1)!
  }

  /** Metres from the start to a point. */
  mark(index: number): number {
    return this.#marks[index]!
  }

  /** @param distance metres along the loop; @returns the position and the heading in degrees from north, clockwise */
  at(distance: number): { position: Position; heading: number } {
    const along = ((distance % this.length) + this.length) % this.length
    let leg = 0
    while (leg < this.#points.length - 1 && this.#marks[leg + 1]! <= along) leg += 1
    const from = this.#points[leg]!
    const to = this.#points[(leg + 1) % this.#points.length]!
    const part = (along - this.#marks[leg]!) / (this.#marks[leg + 1]! - this.#marks[leg]!)
    const { east, north } = apart(from, to)
    const heading = ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360
    return {
      position: {
        latitude: from.latitude + (to.latitude - from.latitude) * part,
        longitude: from.longitude + (to.longitude - from.longitude) * part,
      },
      heading,
    }
  }

  /** Metres to the next corner ahead: where it must be slow. */
  toCorner(distance: number): number {
    const along = ((distance % this.length) + this.length) % this.length
    return (this.#marks.find((mark) => mark > along + 0.5) ?? this.length) - along
  }
}

function apart(from: Position, to: Position): { east: number; north: number } {
  return {
    east: (to.longitude - from.longitude) * longitudeMetres(from.latitude),
    north: (to.latitude - from.latitude) * LATITUDE_METRES,
  }
}

/** The yard of the demo works, laid out by us around two halls at 50.83° N, 12.92° E (Chemnitz). */
export const YARD: readonly Position[] = [
  { latitude: 50.83302, longitude: 12.91874 },
  { latitude: 50.83304, longitude: 12.91998 },
  { latitude: 50.83251, longitude: 12.92112 },
  { latitude: 50.83158, longitude: 12.92118 },
  { latitude: 50.83096, longitude: 12.92034 },
  { latitude: 50.83094, longitude: 12.91902 },
  { latitude: 50.8315, longitude: 12.91838 },
  { latitude: 50.83238, longitude: 12.91832 },
]

export const STOPS: readonly Stop[] = [
  { name: 'Goods in', at: 1, purpose: 'load' },
  { name: 'Line 1', at: 3, purpose: 'unload' },
  { name: 'Charger', at: 5, purpose: 'charge' },
  { name: 'Dispatch', at: 6, purpose: 'load' },
]
