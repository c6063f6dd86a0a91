import { learningErrors } from '../errors.ts'

/**
 * The innermost loop of training, as WebAssembly: for each row of a leaf, its gradient and packed sum are added to its bin, of two inputs at a time. One
 * SIMD addition does both sums, which JavaScript cannot, and that is two thirds of what training takes. Everything it reads lies in one memory.
 */
export interface Adder {
  /** The rows of the tree, leaf by leaf. */
  readonly rows: Int32Array
  /** Gradient and packed sum in turns, in the order of a leaf's rows. */
  readonly pairs: Float64Array
  /** For each input, a bin for each row. */
  readonly bins: readonly Uint8Array[]
  /** Where the sums of two inputs appear, 256 bins with two numbers each. */
  readonly sums: readonly [Float64Array, Float64Array]
  /** Adds the first `count` pairs to the bins that the inputs have at `rows[from]`, and so on. The sums begin at 0. */
  add(one: number, other: number, from: number, count: number): void
}

const PAGE = 65_536
const LIMIT = 65_536 * PAGE - 1
const SUMS = 256 * 2

/** @throws MW-LEARN-0009 when the 4 GiB that WebAssembly can have are too little */
export function adder(given: readonly Uint8Array[], rowCount: number): Adder {
  const size = 2 * SUMS * 8 + rowCount * (16 + 4) + 16 + given.length * rowCount
  if (size > LIMIT) throw learningErrors.tooLarge({ rows: rowCount, inputs: given.length })
  const memory = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE) })
  const { buffer } = memory
  const sums = [new Float64Array(buffer, 0, SUMS), new Float64Array(buffer, SUMS * 8, SUMS)] as const
  const pairsAt = 2 * SUMS * 8
  const pairs = new Float64Array(buffer, pairsAt, rowCount * 2)
  const rowsAt = pairsAt + rowCount * 16
  const rows = new Int32Array(buffer, rowsAt, rowCount)
  const binsAt = rowsAt + rowCount * 4
  const bins = given.map((each, input) => {
    const its = new Uint8Array(buffer, binsAt + input * rowCount, rowCount)
    its.set(each)
    return its
  })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(CODE), { host: { memory } })
  const run = exports['add'] as (
    one: number,
    other: number,
    row: number,
    pair: number,
    end: number,
    s: number,
    t: number,
  ) => void
  return {
    rows,
    pairs,
    bins,
    sums,
    add(one, other, from, count) {
      for (const part of sums) part.fill(0)
      const [a, b] = [binsAt + one * rowCount, binsAt + other * rowCount]
      run(a, b, rowsAt + from * 4, pairsAt, pairsAt + count * 16, 0, SUMS * 8)
    },
  }
}

const [I32, V128] = [0x7f, 0x7b]
/** Parameters and locals of the function, in their order. */
const [ONE, OTHER, ROW, PAIR, END, SUM1, SUM2, NUMBER, PLACE, ADDED] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const tee = (local: number) => [0x22, local]
const constant = (value: number) => [0x41, value]
const [ADD, SHIFT_LEFT, LESS, AT_LEAST] = [0x6a, 0x74, 0x49, 0x4f]
const LOAD = [0x28, 2, 0]
const LOAD_BYTE = [0x2d, 0, 0]
const LOAD_PAIR = [0xfd, 0, 3, 0]
const STORE_PAIR = [0xfd, 0x0b, 3, 0]
const ADD_PAIR = [0xfd, 0xf0, 1]

/** sums[bins[number]] += pair, of one of the inputs. */
const addTo = (bins: number, sums: number) => [
  ...[...get(bins), ...get(NUMBER), ADD, ...LOAD_BYTE, ...constant(4), SHIFT_LEFT, ...get(sums), ADD, ...tee(PLACE)],
  ...[...get(PLACE), ...LOAD_PAIR, ...get(ADDED), ...ADD_PAIR, ...STORE_PAIR],
]

const BODY = [
  ...[2, 2, I32, 1, V128],
  ...[0x02, 0x40, ...get(PAIR), ...get(END), AT_LEAST, 0x0d, 0, 0x03, 0x40],
  ...[...get(ROW), ...LOAD, ...set(NUMBER), ...get(PAIR), ...LOAD_PAIR, ...set(ADDED)],
  ...addTo(ONE, SUM1),
  ...addTo(OTHER, SUM2),
  ...[...get(ROW), ...constant(4), ADD, ...set(ROW), ...get(PAIR), ...constant(16), ADD, ...tee(PAIR)],
  ...[...get(END), LESS, 0x0d, 0, 0x0b, 0x0b, 0x0b],
]

const section = (id: number, content: readonly number[]) => [id, content.length, ...content]
const word = (text: string) => [text.length, ...new TextEncoder().encode(text)]

/** The module (WebAssembly Core Specification 2.0, section 5.5): one imported memory, one exported function of seven addresses. */
const CODE = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [1, 0x60, 7, I32, I32, I32, I32, I32, I32, I32, 0]),
  ...section(2, [1, ...word('host'), ...word('memory'), 2, 0, 1]),
  ...section(3, [1, 0]),
  ...section(7, [1, ...word('add'), 0, 0]),
  ...section(10, [1, BODY.length, ...BODY]),
])
