import { parseUnit } from '@millwright/foundation'
import type { ScpiConfig, Step } from './config.ts'
import { scpiErrors } from './errors.ts'

/** Throws a MillwrightError with `path` for what the schema cannot say. */
export function checkScpi(config: ScpiConfig): void {
  const metrics = new Set<string>()
  config.setup?.forEach((command, at) => {
    if (queries(command) > 0) throw wrong(`/setup/${at}`, `${command} has an answer: queries belong into a script.`)
  })
  config.scripts.forEach((script, at) => {
    script.steps.forEach((step, number) => {
      checkStep(step, `/scripts/${at}/steps/${number}`)
      for (const metric of metricsOf(step)) {
        if (metrics.has(metric))
          throw wrong(`/scripts/${at}/steps/${number}/result`, `Two steps give the metric ${metric}.`)
        metrics.add(metric)
      }
    })
  })
  const outputs = new Set<string>()
  config.outputs?.forEach((output, at) => {
    const path = `/outputs/${at}`
    if (outputs.has(output.metric)) throw wrong(`${path}/metric`, `Two outputs are named ${output.metric}.`)
    outputs.add(output.metric)
    checkUnit(output.unit, `${path}/unit`)
    if (!output.command.includes('{value}')) throw wrong(`${path}/command`, `${output.command} has no {value}.`)
    if (queries(output.command) > 0) throw wrong(`${path}/command`, `${output.command} is a query.`)
    if (output.query !== undefined && queries(output.query) !== 1)
      throw wrong(`${path}/query`, `${output.query} is no query.`)
    if ((output.minimum ?? -Infinity) > (output.maximum ?? Infinity)) {
      throw wrong(`${path}/minimum`, 'The least value is above the greatest.')
    }
  })
}

function checkStep({ send, result }: Step, path: string): void {
  if (result !== undefined && 'unit' in result) checkUnit(result.unit, `${path}/result/unit`)
  const asked = queries(send)
  if (asked > 1) throw wrong(`${path}/send`, `${send} asks ${asked} things at once: make a step of each.`)
  if (asked === 0 && result !== undefined)
    throw wrong(`${path}/result`, `${send} is no query (it has no ?) and gives no result.`)
  if (result?.type !== 'waveform') return
  if (result.sampleRate === undefined && result.sampleRateQuery === undefined) {
    throw wrong(`${path}/result/sampleRate`, 'A waveform needs its sample rate, or the query that gives it.')
  }
  if (result.sampleRateQuery !== undefined && queries(result.sampleRateQuery) !== 1) {
    throw wrong(`${path}/result/sampleRateQuery`, `${result.sampleRateQuery} is no query.`)
  }
}

function checkUnit(unit: string | undefined, path: string): void {
  if (unit !== undefined && unit !== '') parseUnit(unit, path)
}

/** How many answers a message has: ? outside of quoted text. */
export const queries = (message: string): number => message.replace(/"[^"]*"|'[^']*'/g, '').split('?').length - 1

/** The metrics that a step gives. */
export function metricsOf({ result }: Step): readonly string[] {
  if (result === undefined) return []
  return result.type === 'list' ? result.metrics.filter((metric) => metric !== '') : [result.metric]
}

const wrong = (path: string, what: string) => scpiErrors.configuration({ path, what })
