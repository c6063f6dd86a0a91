import type { Detector } from '../detector.ts'
import { autoencoder } from './autoencoder.ts'
import { autoregression } from './autoregression.ts'
import { cusum, pageHinkley } from './cumulative.ts'
import { ewma, mewma } from './ewma.ts'
import { isolationForest } from './isolation-forest.ts'
import { kernelRegression } from './kernel-regression.ts'
import { matrixProfile } from './matrix-profile.ts'
import { pca } from './pca.ts'
import { robust } from './robust.ts'
import { seasonal } from './seasonal.ts'

/** All methods behind the one contract, by the name that settings and models use. */
export const detectors = {
  robust,
  cusum,
  'page-hinkley': pageHinkley,
  ewma,
  mewma,
  seasonal,
  pca,
  'kernel-regression': kernelRegression,
  'isolation-forest': isolationForest,
  'matrix-profile': matrixProfile,
  autoencoder,
  autoregression,
} as const satisfies Record<string, Detector>

export type MethodName = keyof typeof detectors
export const methodNames = Object.keys(detectors) as readonly MethodName[]
