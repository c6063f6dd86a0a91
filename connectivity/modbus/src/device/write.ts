/** Commands to devices: `write` `{ metric, value }`, checked, written and read back. */
import { MetricRows, ROW } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import { EXCEPTION } from '../codec/functions.ts'
import { encodeRequest, type Request } from '../codec/pdu.ts'
import { modbusErrors } from '../errors.ts'
import { planReads, type ReadRange } from '../plan/plan.ts'
import type { Point } from '../values/layout.ts'
import { type Written, writtenOf } from '../values/write.ts'
import type { DeviceRunner } from './runner.ts'

export interface WriteResult {
  readonly metric: string
  /** As read back; absent: the device lets it be written and not read. */
  readonly value?: unknown
}

/** Writes one register. Rejects with a MillwrightError in words for the user. */
export async function write(runner: DeviceRunner, params: unknown, signal: AbortSignal): Promise<WriteResult> {
  const { metric, value } = paramsOf(params)
  const point = runner.target.program.points.get(metric)
  if (point === undefined) throw modbusErrors.metricUnknown({ metric, path: '/params/metric' })
  if (!point.writable) throw modbusErrors.notWritable({ metric, path: '/params/metric' })
  const written = writtenOf(point, value)
  const device = new Writer(runner, signal)
  return await runner.alone(async () => {
    await device.put(point, written)
    return await device.readBack(point, written)
  })
}

export function paramsOf(params: unknown): { metric: string; value: unknown } {
  const { metric, value } = (typeof params === 'object' && params !== null ? params : {}) as Record<string, unknown>
  if (typeof metric !== 'string' || value === undefined) throw modbusErrors.commandParams({ path: '/params' })
  return { metric, value }
}

class Writer {
  readonly #runner: DeviceRunner
  readonly #signal: AbortSignal

  constructor(runner: DeviceRunner, signal: AbortSignal) {
    this.#runner = runner
    this.#signal = signal
  }

  async put(point: Point, written: Written): Promise<void> {
    const { address } = point
    if (written.kind === 'coil') return this.#must({ function: 5, address, on: written.on })
    if (written.kind === 'bits') return this.#bits(address, written)
    const { data } = written
    if (data.length === 2) {
      const single: Request = { function: 6, address, value: (data[0]! << 8) | data[1]! }
      if (await this.#knows(single)) return
    }
    await this.#must({ function: 16, address, data })
  }

  /** The device itself changes bits without touching the others (function 22), if it can; else they are read before. */
  async #bits(address: number, { mask, field }: Extract<Written, { kind: 'bits' }>): Promise<void> {
    if (await this.#knows({ function: 22, address, and: ~mask & 0xffff, or: field })) return
    const held = await this.#ask({ function: 3, address, count: 1 })
    const value = (((held[0]! << 8) | held[1]!) & ~mask) | field
    const single: Request = { function: 6, address, value }
    if (!(await this.#knows(single))) {
      await this.#must({ function: 16, address, data: Uint8Array.of(value >> 8, value & 0xff) })
    }
  }

  async readBack(point: Point, written: Written): Promise<WriteResult> {
    const [range] = planReads([point], this.#runner.target.program.limits)
    let data: Uint8Array
    try {
      data = await this.#ask(range!.request)
    } catch (error) {
      if (!refusesReading(error)) throw error
      return { metric: point.name }
    }
    const value = valueIn(range!, data)
    if (!holds(data, written)) {
      const held = value === undefined ? 'no value' : value
      const wanted = written.kind === 'coil' ? written.on : Buffer.from(bytesOf(written)).toString('hex')
      throw modbusErrors.notTaken({ device: this.#runner.target.name, metric: point.name, held, wanted })
    }
    this.#runner.hand(range!, data)
    return value === undefined ? { metric: point.name } : { metric: point.name, value }
  }

  async #must(request: Request): Promise<void> {
    await this.#ask(request)
  }

  /** False: the device does not know this function. */
  async #knows(request: Request): Promise<boolean> {
    try {
      await this.#ask(request)
      return true
    } catch (error) {
      if (exceptionOf(error) === EXCEPTION.illegalFunction) return false
      throw error
    }
  }

  async #ask(request: Request): Promise<Uint8Array> {
    if (this.#signal.aborted) throw modbusErrors.tooLate({ peer: this.#runner.line.peer })
    return await this.#runner.line.ask(this.#runner.target, request, encodeRequest(request), this.#signal)
  }
}

const exceptionOf = (error: unknown): unknown =>
  error instanceof MillwrightError ? error.details['exceptionCode'] : undefined

const refusesReading = (error: unknown): boolean => {
  const code = exceptionOf(error)
  return code === EXCEPTION.illegalFunction || code === EXCEPTION.illegalAddress
}

function holds(data: Uint8Array, written: Written): boolean {
  if (written.kind === 'coil') return (data[0]! & 1) === (written.on ? 1 : 0)
  if (written.kind === 'bits') return ((((data[0]! << 8) | data[1]!) & written.mask) ^ written.field) === 0
  return Buffer.compare(data, written.data) === 0
}

const bytesOf = (written: Exclude<Written, { kind: 'coil' }>): Uint8Array =>
  written.kind === 'registers' ? written.data : Uint8Array.of(written.field >> 8, written.field & 0xff)

/** The value as the reading has it; undefined: none. */
function valueIn(range: ReadRange, data: Uint8Array): unknown {
  const rows = new MetricRows()
  range.reads[0]!(data, rows)
  const wide = rows.wide[0]
  if (wide?.kind === 'state') return wide.value
  if (rows.kind[0] === ROW.none) return undefined
  return rows.kind[0] === ROW.boolean ? rows.value[0] === 1 : rows.value[0]
}
