import { onnxErrors } from './errors.ts'
import { type Field, fieldsOf, textOf } from './protobuf.ts'

/** Larger files are none that a machine's signals need. */
export const ONNX_LIMIT = 64 * 1024 * 1024
const NODE_LIMIT = 20_000
const DEPTH_LIMIT = 8
const DOMAINS = new Set(['', 'ai.onnx', 'ai.onnx.ml'])

export interface OnnxFacts {
  readonly producer: string
  readonly operators: readonly string[]
  readonly nodes: number
}

/**
 * Looks into a file from a stranger before ONNX Runtime does: its size, the operators, and that it names no other files (TensorProto.external_data, by which a
 * model could read any file of this machine).
 * @throws MW-ONNX-0001 to -0004
 */
export function inspectOnnx(bytes: Uint8Array): OnnxFacts {
  if (bytes.length > ONNX_LIMIT)
    throw onnxErrors.tooLarge({ size: `${bytes.length} bytes`, limit: `${ONNX_LIMIT} bytes` })
  const found = { operators: new Set<string>(), foreign: new Set<string>(), external: new Set<string>(), nodes: 0 }
  let producer = ''
  let graphs = 0
  try {
    for (const field of fieldsOf(bytes)) {
      if (field.field === 2) producer = textOf(field.bytes).slice(0, 100)
      if (field.field === 7) {
        graphs++
        graph(field.bytes, 0)
      }
      // Functions of the file itself: their bodies are graphs in all that matters here.
      if (field.field === 25) for (const part of fieldsOf(field.bytes)) if (part.field === 7) node(part.bytes, 0)
    }
  } catch (error) {
    if (error instanceof RangeError) throw onnxErrors.unreadable({ reason: error.message })
    throw error
  }
  if (graphs !== 1) throw onnxErrors.unreadable({ reason: 'it holds no graph' })
  if (found.external.size > 0) throw onnxErrors.external({ names: named(found.external) })
  if (found.foreign.size > 0) throw onnxErrors.operator({ operators: named(found.foreign) })
  return { producer, operators: [...found.operators].sort(), nodes: found.nodes }

  function graph(of: Uint8Array, depth: number): void {
    if (depth > DEPTH_LIMIT) throw new RangeError('graphs within graphs without an end')
    for (const field of fieldsOf(of)) {
      if (field.field === 1) node(field.bytes, depth)
      if (field.field === 5) tensor(field.bytes)
      if (field.field === 15) for (const part of fieldsOf(field.bytes)) if (part.field <= 2) tensor(part.bytes)
    }
  }

  function node(of: Uint8Array, depth: number): void {
    if (++found.nodes > NODE_LIMIT)
      throw onnxErrors.tooLarge({ size: `more than ${NODE_LIMIT} nodes`, limit: `${NODE_LIMIT} nodes` })
    const fields = fieldsOf(of)
    const operator = textOf(last(fields, 4)).slice(0, 60)
    const domain = textOf(last(fields, 7)).slice(0, 60)
    found.operators.add(operator)
    if (!DOMAINS.has(domain)) found.foreign.add(`${domain}.${operator}`)
    for (const field of fields) if (field.field === 5) attribute(field.bytes, depth)
  }

  function attribute(of: Uint8Array, depth: number): void {
    for (const field of fieldsOf(of)) {
      if (field.field === 5 || field.field === 10) tensor(field.bytes)
      if (field.field === 6 || field.field === 11) graph(field.bytes, depth + 1)
    }
  }

  function tensor(of: Uint8Array): void {
    const fields = fieldsOf(of)
    const outside = fields.some(({ field, value }) => field === 13 || (field === 14 && value === 1))
    if (outside) found.external.add(textOf(last(fields, 8)).slice(0, 60) || 'without a name')
  }
}

const last = (fields: readonly Field[], of: number): Uint8Array =>
  fields.findLast(({ field }) => field === of)?.bytes ?? new Uint8Array(0)

const named = (names: ReadonlySet<string>): string => [...names].slice(0, 5).join(', ')
