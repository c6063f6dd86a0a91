/** Uniform in [0, 1). Whatever draws takes one, so that the same seed gives the same model. */
export type Random = () => number

/** sfc32 (Doty-Humphrey, PractRand): 32 bits a draw, period above 2^96 in the mean; warmed up so that near seeds part. */
export function seeded(seed: number): Random {
  let a = 0x9e3779b9 | 0
  let b = seed | 0
  let c = Math.floor(seed / 0x1_0000_0000) | 0
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 0x1_0000_0000
  }
  for (let round = 0; round < 15; round++) next()
  return next
}

/** A standard normal draw (Box and Muller 1958). */
export const gaussian = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** The numbers 0 to `count` - 1 in random order (Fisher and Yates, as Durstenfeld 1964). */
export function shuffled(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, at) => at)
  return partlyShuffled(order, count, random)
}

/** `take` of `count` numbers, without repeats, ascending. */
export function sampled(count: number, take: number, random: Random): Int32Array {
  if (take * 16 > count) {
    const order = Int32Array.from({ length: count }, (_, at) => at)
    return partlyShuffled(order, Math.min(take, count), random).sort()
  }
  // Of few among many, by Floyd's algorithm (Bentley and Floyd 1987), which looks at those alone.
  const taken = new Set<number>()
  for (let last = count - take; last < count; last++) {
    const drawn = Math.floor(random() * (last + 1))
    taken.add(taken.has(drawn) ? last : drawn)
  }
  return Int32Array.from(taken).sort()
}

function partlyShuffled(order: Int32Array, take: number, random: Random): Int32Array {
  for (let at = 0; at < take; at++) {
    const other = at + Math.floor(random() * (order.length - at))
    const held = order[at]!
    order[at] = order[other]!
    order[other] = held
  }
  return order.subarray(0, take)
}
