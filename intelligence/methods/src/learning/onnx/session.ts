import { InferenceSession, Tensor } from 'onnxruntime-node'
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

/** @throws MW-ONNX-0001 or -0003 when ONNX Runtime cannot use the file */
export async function openSession(bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, OPTIONS)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const operator = /(?:op|Op|node)[^(]*?[( ]([A-Z]\w+)[^ ]*\)? is not a registered/.exec(reason)?.[1]
    throw operator === undefined
      ? onnxErrors.unreadable({ reason: firstSentence(reason) })
      : onnxErrors.operator({ operators: operator })
  }
}

/** Runs a file that Millwright wrote. */
export interface OwnOnnx {
  /** @param values row-major. @returns each output, row-major */
  run(values: Float64Array, rows: number): Promise<Readonly<Record<string, Float64Array>>>
}

export async function openOwnOnnx(bytes: Uint8Array): Promise<OwnOnnx> {
  const session = await openSession(bytes)
  return {
    async run(values, rows) {
      const results = await session.run({ input: new Tensor('float64', values, [rows, values.length / rows]) })
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float64Array]))
    },
  }
}

/** What the runtime says is for its developers, and may be pages long. */
const firstSentence = (reason: string): string => reason.replaceAll(/\s+/g, ' ').slice(0, 200)
