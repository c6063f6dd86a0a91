import { cityLearn } from './citylearn.ts'
import { cmapss } from './cmapss.ts'
import { cwru } from './cwru.ts'
import { etth1 } from './etth1.ts'
import { femto } from './femto.ts'
import { hrss } from './hrss.ts'
import { live } from './live.ts'
import { nab } from './nab/nab.ts'
import type { AiScenario } from './scenario.ts'
import { skab } from './skab.ts'
import { steelEnergy } from './steel-energy.ts'
import { ai4i } from './tables/ai4i.ts'
import { cncToolwear } from './tables/cnc-toolwear.ts'
import { gasTurbine } from './tables/gas-turbine.ts'
import { steelPlates } from './tables/steel-plates.ts'

export const aiScenarios: readonly AiScenario[] = [
  ai4i,
  steelPlates,
  cncToolwear,
  gasTurbine,
  cmapss,
  femto,
  cwru,
  nab,
  etth1,
  steelEnergy,
  cityLearn,
  skab,
  hrss,
  live,
]
