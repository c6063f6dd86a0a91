/**
 * Tool life by Taylor: v T^n = C, so T = (C/v)^(1/n) (F. W. Taylor, "On the art of cutting metals", 1907); flank wear
 * over that life in its three stages: break-in, steady, accelerated (ISO 3685, VB = 0.3 mm is the end).
 */
export interface ToolData {
  /** Cutting speed for a life of one minute, m/min. */
  readonly c: number
  readonly n: number
}

export const WORN_OUT = 0.3

/** Seconds of cutting until the tool is worn out, at a cutting speed in m/min. */
export const toolLife = (tool: ToolData, cuttingSpeed: number): number => (tool.c / cuttingSpeed) ** (1 / tool.n) * 60

/** Flank wear VB, mm, after a part of the tool's life (1: all of it). */
export function flankWear(life: number): number {
  return WORN_OUT * (0.18 * (1 - Math.exp(-life / 0.05)) + 0.62 * life + 0.2 * life ** 4)
}

/** How far a cutting edge with this flank wear has receded, mm: VB times the tangent of a clearance angle of 7°. */
export const recession = (wear: number): number => wear * Math.tan((7 * Math.PI) / 180)
