import type { AiScenario } from './scenario.ts'

export const aiScenarios: readonly AiScenario[] = []
