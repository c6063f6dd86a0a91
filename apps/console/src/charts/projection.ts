/** Web-Mercator without tiles: positions fitted into a box, with a margin and a shortest side. */
export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/** Digits after the point that the steps of a grid of degrees need. */
export function degreeDigits(degrees: readonly number[]): number {
  if (degrees.length < 2) return 3
  return Math.max(0, Math.min(6, -Math.floor(Math.log10(Math.abs(degrees[1]! - degrees[0]!)) + 1e-9)))
}

export interface Projection {
  readonly x: (place: Place) => number
  readonly y: (place: Place) => number
  /** Round degrees within the box, for the grid. */
  readonly meridians: number[]
  readonly parallels: number[]
  /** Metres that one unit of the box stands for, at its middle. */
  readonly metresPerUnit: number
}

const RADIUS = 6_378_137
const MAX_LATITUDE = 85.05
const rad = (degrees: number) => (degrees * Math.PI) / 180
const mercator = (latitude: number) =>
  Math.log(Math.tan(Math.PI / 4 + rad(Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, latitude))) / 2))
const inverse = (y: number) => ((2 * Math.atan(Math.exp(y)) - Math.PI / 2) * 180) / Math.PI

/** @param shortest metres that the shorter side shows at the least, so that one machine is not blown up to a room */
export function project(
  places: readonly Place[],
  width: number,
  height: number,
  margin: number,
  shortest = 200,
): Projection {
  const xs = places.map((place) => rad(place.longitude))
  const ys = places.map((place) => mercator(place.latitude))
  const middleX = (Math.min(...xs) + Math.max(...xs)) / 2
  const middleY = (Math.min(...ys) + Math.max(...ys)) / 2
  const stretch = Math.cos(rad(inverse(middleY)))
  const least = shortest / (RADIUS * Math.max(0.05, stretch))
  const spanX = Math.max(Math.max(...xs) - Math.min(...xs), least)
  const spanY = Math.max(Math.max(...ys) - Math.min(...ys), least)
  const scale = Math.min((width - 2 * margin) / spanX, (height - 2 * margin) / spanY)
  const x = (longitude: number) => width / 2 + (rad(longitude) - middleX) * scale
  const y = (latitude: number) => height / 2 - (mercator(latitude) - middleY) * scale
  const west = ((middleX - width / 2 / scale) * 180) / Math.PI
  const east = ((middleX + width / 2 / scale) * 180) / Math.PI
  const south = inverse(middleY - height / 2 / scale)
  const north = inverse(middleY + height / 2 / scale)
  return {
    x: (place) => x(place.longitude),
    y: (place) => y(place.latitude),
    meridians: rounds(Math.max(-180, west), Math.min(180, east)),
    parallels: rounds(Math.max(-85, south), Math.min(85, north)),
    metresPerUnit: (RADIUS * stretch) / scale,
  }
}

/** Three to eight round values within a range: 1, 2 or 5 times a power of ten. */
export function rounds(from: number, to: number): number[] {
  const span = to - from
  if (!(span > 0)) return []
  const power = 10 ** Math.floor(Math.log10(span / 4))
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => span / size <= 8) ?? power * 10
  const out: number[] = []
  for (let n = Math.ceil(from / step); n * step <= to; n++) out.push(Number((n * step).toPrecision(12)))
  return out
}

/** A round length for the scale bar: at most `most` metres. */
export function scaleLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  return [5, 2, 1].map((times) => times * power).find((length) => length <= most) ?? power
}

/** A reading's value as a place; undefined when it is none. */
export function placeOf(value: unknown): Place | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { latitude, longitude } = value as Partial<Place>
  return typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : undefined
}
