/** A place on the map that wants its name beside it. */
export interface Labelled {
  readonly id: string
  readonly x: number
  readonly y: number
  /** Of the name as drawn, px. */
  readonly width: number
  /** The lower, the sooner it is served: what is abnormal before what is quiet. */
  readonly rank: number
}

export interface LabelPlace {
  /** Where the name stands, as seen from its place: its middle line, from `left` on. */
  readonly left: number
  readonly middle: number
  /** Where a line leads from the place to its name; undefined when it stands right beside it. */
  readonly leader: { readonly x: number; readonly y: number } | undefined
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const HEIGHT = 16
const MARK = 10
const GAP = 4
/** How far names may be led away, px; further, a line says nothing any more. */
const RINGS = [26, 44, 64]
/** More names than this are no map but a wall of text. */
const MOST = 150
const DIRECTIONS = Array.from({ length: 12 }, (_, index) => (index * Math.PI) / 6)

/**
 * Where the names of places go so that none covers another name or another place: beside the place when there is room,
 * led away by a line when there is not. A name that finds no room at all is left out: it is shown when its place is
 * pointed at. Served by rank, so that with too little room the quiet ones go without.
 */
export function placeLabels(places: readonly Labelled[], width: number, height: number): Map<string, LabelPlace> {
  const taken: (Box & { of: string })[] = places.map((place) => ({
    of: place.id,
    left: place.x - MARK,
    right: place.x + MARK,
    top: place.y - MARK,
    bottom: place.y + MARK,
  }))
  const frame: Box = { left: 2, right: width - 2, top: 2, bottom: height - 2 }
  const found = new Map<string, LabelPlace>()
  const served = [...places].sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1)).slice(0, MOST)
  for (const place of served) {
    for (const one of candidates(place)) {
      const box: Box = {
        left: place.x + one.left,
        right: place.x + one.left + place.width,
        top: place.y + one.middle - HEIGHT / 2,
        bottom: place.y + one.middle + HEIGHT / 2,
      }
      if (!within(box, frame) || taken.some((other) => other.of !== place.id && overlap(box, other))) continue
      taken.push({ ...box, of: '' })
      found.set(place.id, one)
      break
    }
  }
  return found
}

function* candidates({ width }: Labelled): Generator<LabelPlace> {
  yield { left: MARK + GAP, middle: 0, leader: undefined }
  yield { left: -MARK - GAP - width, middle: 0, leader: undefined }
  yield { left: -width / 2, middle: -MARK - HEIGHT / 2, leader: undefined }
  yield { left: -width / 2, middle: MARK + HEIGHT / 2, leader: undefined }
  for (const ring of RINGS) {
    for (const angle of DIRECTIONS) {
      const x = Math.cos(angle) * ring
      const y = Math.sin(angle) * ring
      const left = Math.abs(x) < 1 ? -width / 2 : x > 0 ? x + 2 : x - 2 - width
      yield { left, middle: y, leader: { x, y: Math.abs(x) < 1 ? y - Math.sign(y) * (HEIGHT / 2) : y } }
    }
  }
}

const within = (box: Box, frame: Box) =>
  box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom

const overlap = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
