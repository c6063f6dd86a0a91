import type { Output } from '../kind.ts'

/** In this order in the scorer's rows. */
export const VIBRATION_OUTPUTS = [
  { name: 'velocity', kind: 'number', unit: 'mm/s', about: 'Vibration velocity, RMS from 10 Hz to 1 kHz' },
  {
    name: 'zone',
    kind: 'state',
    unit: '1',
    about: 'Zone of the severity class: A new, B runs on, C not for long, D damages itself',
  },
  {
    name: 'outer race',
    kind: 'number',
    unit: '1',
    about:
      'How deeply the envelope is modulated at the ball pass frequency of the outer race; from 1 on impacts are separate',
  },
  { name: 'inner race', kind: 'number', unit: '1', about: 'The same at the ball pass frequency of the inner race' },
  {
    name: 'rolling element',
    kind: 'number',
    unit: '1',
    about: 'The same at twice the spin frequency of the rolling elements',
  },
  { name: 'cage', kind: 'number', unit: '1', about: 'The same at the frequency of the cage' },
  { name: 'kurtosis', kind: 'number', unit: '1', about: 'Kurtosis of the acceleration: 3 for noise, more for impacts' },
  { name: 'crest', kind: 'number', unit: '1', about: 'Crest factor of the acceleration: peak over RMS' },
  { name: 'high frequency', kind: 'number', unit: 'm/s2', about: 'Acceleration above 4 kHz, RMS' },
  {
    name: 'speed',
    kind: 'number',
    unit: '/min',
    about: 'Speed that was judged with: measured, fixed, or found in the spectrum',
  },
  {
    name: 'diagnosis',
    kind: 'state',
    unit: '1',
    about: 'What is wrong: well, standing, not judged, high vibration, or the fault',
  },
  {
    name: 'severity',
    kind: 'number',
    unit: '1',
    about: '0 nothing, 1 keep an eye on it, 2 plan the repair, 3 act now',
  },
  { name: 'confidence', kind: 'number', unit: '1', about: 'How sure the diagnosis is, 0 to 1' },
  { name: 'alarm', kind: 'boolean', unit: '1', about: 'True while a fault is stated that needs a repair' },
  { name: 'explanation', kind: 'state', unit: '1', about: 'The diagnosis with its evidence, in words' },
] as const satisfies readonly Output[]

export type VibrationOutput = (typeof VIBRATION_OUTPUTS)[number]['name']

export const outputAt = (name: VibrationOutput): number => VIBRATION_OUTPUTS.findIndex((each) => each.name === name)
