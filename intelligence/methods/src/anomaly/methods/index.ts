import type { Detector } from '../detector.ts'
import { autoregression } from './autoregression.ts'
import { cusum, pageHinkley } from './cumulative.ts'
import { kernelRegression } from './kernel-regression.ts'
import { mewma } from './mewma.ts'
import { pca } from './pca.ts'
import { robust } from './robust.ts'

/** All methods behind the one contract, by the name that settings and models use. */
export const detectors = {
  robust,
  cusum,
  'page-hinkley': pageHinkley,
  mewma,
  pca,
  'kernel-regression': kernelRegression,
  autoregression,
} as const satisfies Record<string, Detector>

export type MethodName = keyof typeof detectors
export const methodNames = Object.keys(detectors) as readonly MethodName[]
