/** One operation done on a part, as it goes into the part's genealogy. */
export interface OperationRecord {
  readonly station: string
  readonly operation: string
  /** Serial number of the tool. */
  readonly tool: string
  readonly toolWear: number
  /** Seconds in the station, cutting. */
  readonly seconds: number
  /** % of the spindle's rating. */
  readonly peakLoad: number
  /** W h */
  readonly energy: number
}

/** A part on its way through the line. Dimensions are what they are, not what was measured: mm. */
export interface Part {
  readonly serial: string
  /** Of the bar it was cut from. */
  readonly batch: string
  readonly dimensions: Record<string, number>
  readonly operations: OperationRecord[]
}

/** Where a station puts a finished part; false: no room. */
export interface PartSink {
  offer(part: Part): boolean
}

/** Where a station takes its parts; undefined: none there. */
export interface PartSource {
  take(): Part | undefined
}
