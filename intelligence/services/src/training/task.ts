import type { ServiceReport } from '@millwright/contracts'
import type { Arrivals, CheckedModel, Plan, Scores, Settings, TrainingData } from '../kinds/kind.ts'

/** What a worker thread is asked to do. */
export type Task =
  | { readonly type: 'train'; readonly kind: string; readonly settings: Settings; readonly data: TrainingData }
  | {
      readonly type: 'recompute'
      readonly kind: string
      readonly settings: Settings
      readonly plan: Plan
      readonly model: Uint8Array
    }
  | {
      readonly type: 'check'
      readonly kind: string
      readonly settings: Settings
      readonly manifest: unknown
      readonly model: Uint8Array
    }

/** What it says. */
export type Report =
  | { readonly type: 'progress'; readonly fraction: number; readonly stage: string }
  | { readonly type: 'trained'; readonly model: Uint8Array; readonly report: ServiceReport }
  | (CheckedModel & { readonly type: 'checked' })
  /** A recomputation waits for the next readings. */
  | { readonly type: 'ready' }
  | { readonly type: 'scored'; readonly scores: Scores }
  | { readonly type: 'failed'; readonly reason: string }

/** Readings to score; undefined: that was all. */
export interface Feed {
  readonly arrivals: Arrivals | undefined
}
