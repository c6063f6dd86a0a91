/** One score of ours on one data set, with what others reached beside it. */
export interface Score {
  /** F1, RMSE, … with what it was taken on: `F1, 23,801 test rows`. */
  readonly measure: string
  readonly ours: number
  readonly wanted?: { readonly atLeast?: number; readonly atMost?: number }
  /** As published, or computed here as a simple baseline: `Conv-AE 0.78, PCA 0.76`. */
  readonly others?: string
}

export interface AiResult {
  /** The one configuration of the task type that was used, whole: printed under the table. */
  readonly configuration: unknown
  readonly scores: readonly Score[]
  /** What a reader has to know to judge the scores. */
  readonly notes?: readonly string[]
}

export interface AiContext {
  /** The folder of the data packs, present. */
  readonly data: string
  log(text: string): void
}

/** One data set under the protocol that is written down for it. Seeds fixed; choices and thresholds from training data only. */
export interface AiScenario {
  readonly name: string
  readonly about: string
  /** Folder of the data pack; without it the scenario is a loud skip. */
  readonly pack: string
  run(context: AiContext): Promise<AiResult>
}
