import { bytes, integer, integers, joined, message, type Part, text } from './protobuf.ts'

/** Numbers of TensorProto.DataType. */
export const DOUBLE = 11
const INT64 = 7

type Attribute =
  | { readonly ints: ArrayLike<number> }
  | { readonly int: number }
  | { readonly string: string }
  | { readonly strings: readonly string[] }
  | { readonly doubles: Float64Array }

/** Opsets that ONNX Runtime 1.12 and everything since knows. */
const OPSET = 17
const ML_OPSET = 3
const IR_VERSION = 8

/**
 * An ONNX file while it is put together (onnx.proto, IR version 8). All numbers are double, so that a model gives outside what it gives here.
 * The input is `input` [rows, inputs].
 */
export class OnnxGraph {
  private readonly nodes: Part[] = []
  private readonly constants: Part[] = []
  private readonly inputs: number
  private count = 0

  constructor(inputs: number) {
    this.inputs = inputs
  }

  /** @returns the name of a constant tensor */
  constant(values: ArrayLike<number>, dims: readonly number[]): string {
    const name = `c${this.count++}`
    this.constants.push(message(5, tensor(name, Float64Array.from(values), dims)))
    return name
  }

  /** @returns the name of a constant tensor of int64 */
  indices(values: readonly number[]): string {
    const name = `c${this.count++}`
    this.constants.push(
      message(5, [integers(1, [values.length]), integer(2, INT64), integers(7, values), text(8, name)]),
    )
    return name
  }

  /** @returns the name of the node's output */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): string {
    const name = `n${this.count++}`
    this.nodes.push(
      message(1, [
        ...inputs.map((input) => text(1, input)),
        text(2, name),
        text(3, name),
        text(4, op),
        ...Object.entries(attributes).map(([key, value]) => message(5, attribute(key, value))),
        ...(domain === '' ? [] : [text(7, domain)]),
      ]),
    )
    return name
  }

  /** @param outputs name in the file, name in the graph, columns */
  done(outputs: readonly (readonly [name: string, from: string, columns: number])[]): Uint8Array {
    for (const [name, from] of outputs)
      this.nodes.push(message(1, [text(1, from), text(2, name), text(3, `as ${name}`), text(4, 'Identity')]))
    const graph = [
      ...this.nodes,
      text(2, 'millwright'),
      ...this.constants,
      message(11, value('input', this.inputs)),
      ...outputs.map(([name, , columns]) => message(12, value(name, columns))),
    ]
    return joined([
      integer(1, IR_VERSION),
      text(2, 'millwright'),
      message(7, graph),
      message(8, [text(1, ''), integer(2, OPSET)]),
      message(8, [text(1, 'ai.onnx.ml'), integer(2, ML_OPSET)]),
    ])
  }
}

function tensor(name: string, values: Float64Array, dims: readonly number[]): Part[] {
  const raw = new Uint8Array(values.length * 8)
  const view = new DataView(raw.buffer)
  values.forEach((each, at) => void view.setFloat64(at * 8, each, true))
  return [...(dims.length === 0 ? [] : [integers(1, dims)]), integer(2, DOUBLE), text(8, name), bytes(9, raw)]
}

function attribute(name: string, given: Attribute): Part[] {
  if ('ints' in given) return [text(1, name), integers(8, given.ints), integer(20, 7)]
  if ('int' in given) return [text(1, name), integer(3, given.int), integer(20, 2)]
  if ('string' in given) return [text(1, name), text(4, given.string), integer(20, 3)]
  if ('strings' in given) return [text(1, name), ...given.strings.map((each) => text(9, each)), integer(20, 8)]
  return [text(1, name), message(5, tensor(name, given.doubles, [given.doubles.length])), integer(20, 4)]
}

/** A tensor of doubles [rows, columns]. */
const value = (name: string, columns: number): Part[] => [
  text(1, name),
  message(2, [
    message(1, [integer(1, DOUBLE), message(2, [message(1, [text(2, 'rows')]), message(1, [integer(1, columns)])])]),
  ]),
]
