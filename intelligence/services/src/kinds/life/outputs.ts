import type { Output } from '../kind.ts'

/** In this order in the scorer's rows. */
export const LIFE_OUTPUTS: readonly Output[] = [
  { name: 'health', kind: 'number', unit: '%', about: 'How much of its health is left: 100 healthy, 0 at the failure' },
  {
    name: 'remaining life',
    kind: 'number',
    unit: 'h',
    about: 'Remaining useful life: with one half of the probability it is less',
  },
  {
    name: 'remaining life low',
    kind: 'number',
    unit: 'h',
    about: 'Lower end of the 90 % interval of the remaining life',
  },
  {
    name: 'remaining life high',
    kind: 'number',
    unit: 'h',
    about: 'Upper end of the 90 % interval; at the look-ahead it means: or more',
  },
  {
    name: 'failure probability',
    kind: 'number',
    unit: '1',
    about: 'Probability of a failure within the time that was chosen',
  },
  { name: 'stop within', kind: 'number', unit: 'h', about: 'When to stop at the least expected cost, hours from then' },
  { name: 'cost of stopping', kind: 'number', unit: '1', about: 'Expected cost of stopping at that time' },
  { name: 'cost of waiting', kind: 'number', unit: '1', about: 'Expected cost of not stopping within the look-ahead' },
  { name: 'state', kind: 'state', unit: '1', about: 'learning, healthy, wearing or failed' },
  { name: 'explanation', kind: 'state', unit: '1', about: 'What makes the prediction, in words' },
]

export type LifeOutput =
  | 'health'
  | 'remaining life'
  | 'remaining life low'
  | 'remaining life high'
  | 'failure probability'
  | 'stop within'
  | 'cost of stopping'
  | 'cost of waiting'
  | 'state'
  | 'explanation'

export const outputIndex = (name: LifeOutput): number => LIFE_OUTPUTS.findIndex((output) => output.name === name)
