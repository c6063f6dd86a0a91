import type { energyOperations } from '@millwright/contracts'
import { createForecaster, readForecastModel } from '@millwright/methods/forecast'
import type { Handlers } from '@millwright/trust'
import { serviceErrors } from '../../errors.ts'
import { readGrid } from '../../training/read-grid.ts'
import type { KindOptions } from '../options.ts'
import { onSteps } from './on-steps.ts'

/** Steps of the past that are shown before the forecast. */
const SHOWN = 2

export const forecastHandlers = (options: KindOptions): Pick<Handlers<typeof energyOperations>, 'getForecast'> => {
  const { access, clock, historian } = options
  return {
    async getForecast({ actor, params, signal: abort }) {
      const row = await access.service(actor, params.id, 'service:read')
      if (row.kind !== 'forecast') throw serviceErrors.otherKind({ kind: row.kind, wanted: 'forecast', path: 'id' })
      access.equipment(actor, row.equipment, 'signal:read')
      const { plan, facts, model: bytes } = await options.model(row)
      const signal = facts[0]
      if (signal === undefined) throw serviceErrors.inputMissing({ name: plan.inputs[0]?.name ?? '', path: 'settings' })
      const model = readForecastModel(bytes)
      const forecaster = createForecaster(model)
      const { step, horizon } = model
      const begun = Math.floor(clock.now() / step) * step
      const back = Math.max(forecaster.context, SHOWN * horizon)
      const span = { from: begun - back * step, to: begun }
      const grid = await readGrid(historian, [signal], { ...plan, step }, span, () => {}, abort)
      const series = onSteps(grid, step)
      const values = new Float64Array(back).fill(Number.NaN)
      const first = Math.round((series.start - span.from) / step)
      series.values.forEach((value, i) => {
        if (first + i >= 0 && first + i < back) values[first + i] = value
      })
      const ahead = forecaster.forecast(values, begun)
      if (ahead === undefined) throw serviceErrors.noForecast({ path: 'id' })
      const shown = Math.min(back, SHOWN * horizon)
      return {
        service: params.id,
        signal: signal.name,
        unit: signal.unit,
        step,
        time: Array.from(ahead.mean, (_, h) => begun + h * step),
        mean: [...ahead.mean],
        low: [...ahead.low],
        high: [...ahead.high],
        coverage: model.coverage,
        past: {
          time: Array.from({ length: shown }, (_, i) => begun - (shown - i) * step),
          value: Array.from(values.subarray(back - shown), (value) => (Number.isFinite(value) ? value : null)),
        },
        outside: ahead.outside ?? null,
      }
    },
  }
}
