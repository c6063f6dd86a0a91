export { type AgeReplacement, ageReplacement } from './decision/age-replacement.ts'
export { quantileOf, type Survival, survivalFromInterval } from './decision/remaining-life.ts'
export { type StopAdvice, type StopCosts, type StopPoint, type StopWindow, whenToStop } from './decision/stop-time.ts'
export { type ExponentialPosterior, type ExponentialPrior, ExponentialTrend } from './degradation/exponential.ts'
export { firstPassage, type WienerDrift } from './degradation/first-passage.ts'
export { type DriftPrior, WienerTrend } from './degradation/wiener.ts'
export { type Suitability, suitability } from './health/suitability.ts'
export { readLife, writeLife } from './learned/file.ts'
export type { LifeModel, LifePrediction } from './learned/model.ts'
export { LifePredictor } from './learned/predictor.ts'
export { type LifeSettings, lifeDefaults } from './learned/settings.ts'
export { type LifeReport, trainLife } from './learned/train.ts'
export { type PrognosisModel, readPrognosis, writePrognosis } from './prognosis/model.ts'
export { type Prognosis, PrognosisFollower, type PrognosisState } from './prognosis/prognosis.ts'
export { type FailureLimit, type PrognosisSettings, prognosisDefaults } from './prognosis/settings.ts'
export { type MachinePast, type PrognosisReport, trainPrognosis } from './prognosis/train.ts'
export { lengthHours, type Run } from './run.ts'
export { type HealthPath, type Match, type SimilarityPrediction, similarRemaining } from './similarity/similarity.ts'
export { type CoxFit, coxSurvival, fitCox } from './survival/cox.ts'
export { kaplanMeier, type SurvivalStep } from './survival/kaplan-meier.ts'
export type { Lifetimes } from './survival/lifetimes.ts'
export {
  fitWeibull,
  type Weibull,
  type WeibullFit,
  weibayes,
  weibullMean,
  weibullRemaining,
  weibullSurvival,
} from './survival/weibull.ts'
export { LimitTrend, type LimitTrendSettings, type TrendState } from './trend/limit-trend.ts'
