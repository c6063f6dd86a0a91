/** One measured figure. `target` is what the figure is held against, in the same unit. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly target?: { readonly atLeast?: number; readonly atMost?: number }
  /** How it was measured, in a few words. */
  readonly note?: string
}

/** What a figure is made up of: where the time or the memory goes. */
export interface Breakdown {
  readonly title: string
  readonly unit: string
  readonly rows: readonly (readonly [name: string, value: number])[]
}

export interface ScenarioResult {
  readonly figures: readonly Figure[]
  readonly breakdowns?: readonly Breakdown[]
  /** What could not be measured here, and why. */
  readonly skipped?: readonly string[]
}

export interface ScenarioContext {
  /** A directory of its own, removed afterwards. */
  readonly directory: string
  /** A tenth of the size, for a first look. */
  readonly quick: boolean
  log(text: string): void
}

/** One bench: everything that is compared is measured in the same run, one after the other, on the same machine. */
export interface Scenario {
  readonly name: string
  readonly about: string
  run(context: ScenarioContext): Promise<ScenarioResult>
}
