import type { ToolData } from './tool.ts'

/** A stretch of the cutting program. */
export interface Pass {
  /** Part of the cutting time. */
  readonly share: number
  /** kW at the spindle with a sharp tool. */
  readonly power: number
  /** rpm */
  readonly speed: number
  /** mm/min */
  readonly feed: number
}

export interface StationPlan {
  readonly name: string
  readonly operation: string
  readonly characteristic: string
  readonly nominal: number
  /**
   * mm of the dimension per mm of edge recession that the control's wear compensation leaves: a turned diameter grows
   * by 2 without it, a milled slot shrinks by 2; three quarters are compensated.
   */
  readonly perRecession: number
  readonly loading: number
  readonly cutting: number
  /** m/min at 100 % */
  readonly cuttingSpeed: number
  readonly tool: ToolData
  readonly passes: readonly Pass[]
  /** kW */
  readonly rating: number
  /** Part of the first tool's life that is over. */
  readonly firstToolUsed: number
}
