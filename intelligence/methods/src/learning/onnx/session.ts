import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { onnxErrors } from './errors.ts'

/** One thread: a model must not take what ingest needs. */
const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
}

/** With the runtime's own tensors: it is loaded when the first model is opened, as most programs that learn never open one. */
export interface Opened {
  readonly session: InferenceSession
  readonly TensorOf: typeof Tensor
}

/** @throws MW-ONNX-0001 or -0003 when ONNX Runtime cannot use the file */
export async function openSession(bytes: Uint8Array): Promise<Opened> {
  const runtime = await import('onnxruntime-node')
  try {
    return { session: await runtime.InferenceSession.create(bytes, OPTIONS), TensorOf: runtime.Tensor }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const operator = /(?:No Op registered|Could not find an implementation) for (\w+)/.exec(reason)?.[1]
    throw operator === undefined
      ? onnxErrors.unreadable({ reason: reason.replaceAll(/\s+/g, ' ').slice(0, 200) })
      : onnxErrors.operator({ operators: operator })
  }
}

/** Runs a file that Millwright wrote. */
export interface OwnOnnx {
  /** @param values row-major. @returns each output, row-major */
  run(values: Float64Array, rows: number): Promise<Readonly<Record<string, Float64Array>>>
}

export async function openOwnOnnx(bytes: Uint8Array): Promise<OwnOnnx> {
  const { session, TensorOf } = await openSession(bytes)
  return {
    async run(values, rows) {
      const results = await session.run({ input: new TensorOf('float64', values, [rows, values.length / rows]) })
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float64Array]))
    },
  }
}
