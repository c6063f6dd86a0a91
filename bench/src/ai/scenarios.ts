import { cmapss } from './cmapss.ts'
import type { AiScenario } from './scenario.ts'
import { ai4i } from './tables/ai4i.ts'

export const aiScenarios: readonly AiScenario[] = [ai4i, cmapss]
