import type { Detector } from '../detector.ts'
import { pca } from './pca.ts'

export const detectors = { pca } as const satisfies Record<string, Detector>

export type MethodName = keyof typeof detectors
export const methodNames = Object.keys(detectors) as readonly MethodName[]
