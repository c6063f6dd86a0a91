import { createForecaster, readForecastModel, trainForecast, writeForecastModel } from '@millwright/methods/forecast'
import type { Progress } from '@millwright/methods/progress'
import type { KindWork, Settings, Trained, TrainingData } from '../kind.ts'
import { reportOf } from '../report.ts'
import { onSteps } from './on-steps.ts'
import { ForecastScorer } from './scorer.ts'
import { forecastSettings } from './settings.ts'

export const forecastWork: KindWork = {
  train,
  scorer: (model, { plan }) => new ForecastScorer(createForecaster(readForecastModel(model)), plan),
}

function train({ machine, plan }: TrainingData, settings: Settings, progress: Progress): Trained {
  const { signal, horizon, coverage } = forecastSettings(settings)
  const series = onSteps(machine.grid, plan.step!)
  const { model, report } = trainForecast(series, { horizon, coverage }, progress)
  const kept = report.members.filter(({ weight }) => weight >= 0.02)
  const unit = plan.inputs[0]!.unit
  return {
    model: writeForecastModel(model),
    report: reportOf({
      summary: `Learnt how ${signal} goes on from ${report.steps} steps${report.seasons.length > 0 ? `, which repeat every ${report.seasons.join(' and every ')} steps` : ''}. Its error is ${Math.round(100 * report.againstNaive)} % of that of repeating the past.`,
      used: [{ name: signal, rows: report.steps - Math.round(report.missing * report.steps) }],
      leftOut: report.leftOut.map((text) => {
        const [what, reason] = text.split(': ')
        return { what: what!, reason: reason ?? '' }
      }),
      validation: {
        split: `the newest quarter of the span, forecast from ${report.origins} moments in it`,
        figures: [
          { name: 'RMSE', value: report.rmse, unit },
          {
            name: 'against repeating the past',
            value: report.againstNaive,
            unit: '1',
            about: 'Error as a share; above 1 it is worth nothing',
          },
        ],
      },
      charts: [
        {
          title: 'Weights in the forecast',
          style: 'bars',
          overTime: false,
          xName: 'method',
          yName: 'weight',
          x: kept.map(({ name }) => name),
          lines: [{ name: 'weight', y: kept.map(({ weight }) => weight) }],
        },
      ],
      notes: [
        ...(report.missing > 0.05
          ? [`${Math.round(100 * report.missing)} % of the steps have no reading; short gaps were filled.`]
          : []),
        ...(report.againstNaive >= 1
          ? ['It is no better than repeating the past: what drives the signal is not in its past.']
          : []),
      ],
      details: { members: report.members.map((member) => ({ ...member })), seasons: [...report.seasons] },
    }),
  }
}
