/**
 * Patterns that chance hardly makes. Each rule is a function of points in standard deviations from the centre line and
 * answers where it fires: the index of the last point of each pattern. A missing point (NaN) breaks every pattern.
 */
export interface RunRule {
  readonly id: string
  /** As said to people: "8 points on one side". */
  readonly says: string
  /** How many points the pattern takes. */
  readonly span: number
  fires(z: Float64Array): Int32Array
}

/** One point beyond `limit` standard deviations. */
const beyond = (z: Float64Array, limit: number): Int32Array => where(z, (at) => Math.abs(z[at]!) > limit)

/** `count` of `of` points beyond `limit` on the same side, the last one among them. */
function some(z: Float64Array, count: number, of: number, limit: number): Int32Array {
  return where(z, (at) => {
    const side = Math.sign(z[at]!)
    if (!(side * z[at]! > limit)) return false
    let found = 0
    for (let back = Math.max(0, at - of + 1); back <= at; back++) {
      if (Number.isNaN(z[back]!)) found = 0
      else if (side * z[back]! > limit) found++
    }
    return found >= count
  })
}

/** Where a run, in which each point `follows` the one before it, reaches `count` points. */
function run(z: Float64Array, count: number, follows: (at: number, before: number) => boolean): Int32Array {
  let length = 0
  return where(z, (at) => {
    length = Number.isNaN(z[at]!) ? 0 : length > 0 && follows(at, at - 1) ? length + 1 : 1
    return length >= count
  })
}

/** Where each of the last `count` points `holds`. */
function all(z: Float64Array, count: number, holds: (value: number) => boolean): Int32Array {
  let length = 0
  return where(z, (at) => {
    length = holds(z[at]!) ? length + 1 : 0
    return length >= count
  })
}

const sameSide = (z: Float64Array, count: number): Int32Array => run(z, count, (at, before) => z[at]! * z[before]! > 0)

function trend(z: Float64Array, count: number): Int32Array {
  const rising = run(z, count, (at, before) => z[at]! > z[before]!)
  const falling = run(z, count, (at, before) => z[at]! < z[before]!)
  return Int32Array.from([...rising, ...falling]).sort()
}

/** Up and down in turn. */
function alternating(z: Float64Array, count: number): Int32Array {
  let length = 1
  return where(z, (at) => {
    const now = Math.sign(z[at]! - z[at - 1]!)
    const last = Math.sign(z[at - 1]! - z[at - 2]!)
    // NaN compares as false: the pattern begins anew.
    if (now !== 0 && now === -last) length++
    else length = now === 1 || now === -1 ? 2 : 1
    return length >= count
  })
}

const where = (z: Float64Array, holds: (at: number) => boolean): Int32Array =>
  Int32Array.from(z.keys()).filter((at) => holds(at))

const rule = (id: string, span: number, says: string, fires: RunRule['fires']): RunRule => ({ id, span, says, fires })

/** Nelson, Journal of Quality Technology 16 (1984) 237; ISO 7870-2 table 3. */
export const nelsonRules: readonly RunRule[] = [
  rule('nelson-1', 1, 'a point beyond 3 sigma', (z) => beyond(z, 3)),
  rule('nelson-2', 9, '9 points on one side', (z) => sameSide(z, 9)),
  rule('nelson-3', 6, '6 points rising or falling', (z) => trend(z, 6)),
  rule('nelson-4', 14, '14 points up and down in turn', (z) => alternating(z, 14)),
  rule('nelson-5', 3, '2 of 3 points beyond 2 sigma', (z) => some(z, 2, 3, 2)),
  rule('nelson-6', 5, '4 of 5 points beyond 1 sigma', (z) => some(z, 4, 5, 1)),
  rule('nelson-7', 15, '15 points within 1 sigma', (z) => all(z, 15, (value) => Math.abs(value) < 1)),
  rule('nelson-8', 8, '8 points beyond 1 sigma on both sides', (z) => all(z, 8, (value) => Math.abs(value) > 1)),
]

/** Western Electric, Statistical Quality Control Handbook (1956), part B, section I. */
export const westernElectricRules: readonly RunRule[] = [
  rule('western-1', 1, 'a point beyond 3 sigma', (z) => beyond(z, 3)),
  rule('western-2', 3, '2 of 3 points beyond 2 sigma', (z) => some(z, 2, 3, 2)),
  rule('western-3', 5, '4 of 5 points beyond 1 sigma', (z) => some(z, 4, 5, 1)),
  rule('western-4', 8, '8 points on one side', (z) => sameSide(z, 8)),
]

export interface Fired {
  readonly rule: string
  readonly says: string
  /** First and last point of the pattern; where it goes on, the last it was seen at. */
  readonly from: number
  readonly to: number
}

/** What fired, in the order in which it began; a pattern that goes on is told once. */
export function firedRules(z: Float64Array, rules: readonly RunRule[]): Fired[] {
  return rules
    .flatMap(({ id, says, span, fires }) => {
      const found: { rule: string; says: string; from: number; to: number }[] = []
      for (const at of fires(z)) {
        const last = found.at(-1)
        // One point beyond is an event of its own; patterns of many overlap.
        if (last !== undefined && last.to === at - 1) last.to = at
        else found.push({ rule: id, says, from: at - span + 1, to: at })
      }
      return found
    })
    .sort((a, b) => a.to - b.to)
}
