import { t } from '../../messages/index.tsx'

const NAMES = {
  unbalance: 'vibration.fault.unbalance',
  misalignment: 'vibration.fault.misalignment',
  looseness: 'vibration.fault.looseness',
  'outer race': 'vibration.fault.outerRace',
  'inner race': 'vibration.fault.innerRace',
  'rolling element': 'vibration.fault.rollingElement',
  cage: 'vibration.fault.cage',
  gear: 'vibration.fault.gear',
  cavitation: 'vibration.fault.cavitation',
} as const

/** A fault in the viewer's words; one that a newer platform has learnt stands as it calls it. */
export const faultName = (fault: string): string => (fault in NAMES ? t(NAMES[fault as keyof typeof NAMES]) : fault)
