import { DAY, MINUTE, SECOND } from '@millwright/foundation'
import type { Output, ServiceKind } from '../kind.ts'
import { manifestOf, OUTSIDE } from './manifest.ts'
import { ModelSettings, modelSettings } from './settings.ts'

const ALWAYS: Output = {
  name: OUTSIDE,
  kind: 'boolean',
  unit: '1',
  about: 'True while an input is missing or outside of the range it had in training',
}

export const model: ServiceKind = {
  id: 'model',
  name: 'Model made elsewhere',
  summary:
    'Runs a model of scikit-learn, PyTorch, LightGBM or others, uploaded as ONNX with a manifest of its inputs and outputs.',
  trains: false,
  episodes: false,
  settings: ModelSettings,
  problem(settings) {
    return manifestOf(settings) === undefined ? undefined : 'the manifest is uploaded with the model, not set here.'
  },
  inputs: (settings) => manifestOf(settings)?.inputs.map(({ signal }) => signal) ?? [],
  reads: (settings) => ({ as: 'grid', step: modelSettings(settings).step * SECOND }),
  outputs: (settings) => [
    ...(manifestOf(settings)?.outputs ?? []).map(
      ({ name, unit = '1' }): Output => ({ name, kind: 'number', unit, about: `What the model says of "${name}"` }),
    ),
    ALWAYS,
  ],
  alarm(settings) {
    const { alarm } = modelSettings(settings)
    if (alarm === undefined) return undefined
    return {
      condition: (of) => `${of(alarm.output)} > ${decimal(alarm.above)}`,
      message: `${alarm.output} is {${alarm.output}}`,
      response: 'Look at what the model says, and at the signals that it reads.',
    }
  },
  span: () => DAY,
  warmUp: (settings, { step }) => Math.max(MINUTE, 2 * (manifestOf(settings)?.window ?? 1) * (step ?? SECOND)),
  readiness: () => [
    { code: 'upload', level: 'ok', sentence: 'Upload the model with its manifest: its inputs are looked at then.' },
  ],
  work: () => import('./work.ts').then(({ modelWork }) => modelWork),
}

/** A double of the rule language, whatever its size. */
const decimal = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value))
