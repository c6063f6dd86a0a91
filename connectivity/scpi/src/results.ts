/** Answers of a step, into rows. */
import { type MetricRows, QUALITY, ROW } from '@millwright/connectivity'
import { readSamples } from './codec/block.ts'
import { readBoolean, readNumber, readNumbers, readText } from './codec/values.ts'
import type { Result } from './config.ts'
import { scpiErrors } from './errors.ts'

/** Puts an answer into rows. Throws a MillwrightError that says why it cannot be; the rows are as before then. */
export function pushResult(
  rows: MetricRows,
  result: Result,
  answer: Buffer,
  command: string,
  sampleRate: number,
): void {
  switch (result.type) {
    case 'number':
      pushNumber(rows, result.metric, readNumber(text(answer), command), result)
      return
    case 'boolean':
      rows.push(result.metric, ROW.boolean, readBoolean(text(answer), command), QUALITY.good)
      return
    case 'text':
      rows.pushWide(result.metric, ROW.state, { kind: 'state', value: readText(text(answer)) })
      return
    case 'list':
      pushList(rows, result, answer, command)
      return
    case 'waveform': {
      const scaling = { scale: result.scale ?? 1, offset: result.offset ?? 0 }
      const samples = readSamples(answer, result.format ?? 'ascii', result.byteOrder ?? 'big', scaling, command)
      rows.pushWide(result.metric, ROW.waveform, { kind: 'waveform', sampleRate, samples })
      setUnit(rows, result.unit)
    }
  }
}

const text = (answer: Buffer) => answer.toString('latin1')

function pushList(rows: MetricRows, result: Extract<Result, { type: 'list' }>, answer: Buffer, command: string): void {
  const numbers = readNumbers(text(answer), command, 10_000)
  const wanted = result.metrics.length
  if (numbers.length !== wanted) throw scpiErrors.wrongCount({ command, found: numbers.length, wanted })
  result.metrics.forEach((metric, at) => {
    if (metric !== '') pushNumber(rows, metric, numbers[at]!, result)
  })
}

interface Scaling {
  readonly unit?: string
  readonly scale?: number
  readonly offset?: number
}

/** Overload, and what SCPI calls "not a number", is no value. */
function pushNumber(rows: MetricRows, metric: string, number: number, { unit, scale, offset }: Scaling): void {
  const value = number * (scale ?? 1) + (offset ?? 0)
  if (Number.isFinite(value)) rows.push(metric, ROW.number, value, QUALITY.good)
  else rows.push(metric, ROW.none, Number.NaN, QUALITY.badOutOfRange)
  setUnit(rows, unit)
}

function setUnit(rows: MetricRows, unit: string | undefined): void {
  if (unit !== undefined && unit !== '') rows.setUnit(rows.length - 1, unit)
}

/** In Hz. */
export function readSampleRate(answer: Buffer, command: string): number {
  const rate = readNumber(text(answer), command)
  if (!(rate > 0 && rate <= 1e9)) throw scpiErrors.noSampleRate({ command, said: text(answer) })
  return rate
}
