import { type TreePredictor, treePredictor } from '../../learning/trees/predict.ts'
import { intervalAt } from './interval.ts'
import type { LifeModel, LifePrediction } from './model.ts'
import { Follower } from './pipeline.ts'

/** How far beyond what training saw still counts as seen: normalised units for signals, a factor for conditions. */
const MARGIN = 1
const REACH = 1.5

/** Follows one machine from the begin of its life (or its last repair) and predicts what remains. One for each machine. */
export class LifePredictor {
  private readonly model: LifeModel
  private readonly follower: Follower
  private readonly trees: readonly TreePredictor[]
  private readonly inputs: Float64Array
  private readonly output = new Float64Array(1)

  constructor(model: LifeModel) {
    this.model = model
    this.follower = new Follower(model.pipeline)
    this.trees = model.trees.map(treePredictor)
    this.inputs = new Float64Array(model.trees[0]!.names.length)
  }

  /**
   * @param time µs, ascending; @param row one value for each of the model's signals, NaN for missing
   * @returns whether it completed a step of the model, so that `predict` says something new
   */
  push(time: number, row: ArrayLike<number>): boolean {
    return this.follower.push(time, row)
  }

  /** Takes up rows of a step that is not complete: at the end of a recorded series. */
  flush(): void {
    this.follower.flush()
  }

  predict(): LifePrediction {
    const { horizon, interval, healthy, failed } = this.model
    const { features } = this.follower
    features.write(this.inputs)
    let sum = 0
    for (const tree of this.trees) {
      tree.row(this.inputs, this.output)
      sum += this.output[0]!
    }
    const hours = within(sum / this.trees.length, 1) * horizon
    const [low, high] = intervalAt(interval, hours / horizon)
    return {
      hours,
      low: within(low, 1) * horizon,
      high: within(high, 1) * horizon,
      health: within((features.smoothHealth - failed) / (healthy - failed), 1) * 100,
      outside: this.outside(),
    }
  }

  private outside(): string[] {
    const { lowest, highest, pipeline } = this.model
    const { levels } = this.follower.features
    const found: string[] = []
    for (let at = 0; at < levels.length; at++)
      if (levels[at]! < lowest[at]! - MARGIN || levels[at]! > highest[at]! + MARGIN)
        found.push(pipeline.names[pipeline.kept[at]!]!)
    if (this.follower.distance > REACH * pipeline.normaliser.modes.reach + 1e-9) found.push('')
    return found
  }
}

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value))
