import type { Priority } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import type { RuleExpressions } from '../expression/rule-program.ts'

/** What the engine needs of a stored rule. */
export interface RunningRule extends RuleExpressions {
  readonly id: string
  readonly tenant: string
  readonly name: string
  readonly equipmentClass: string | null
  readonly equipment: string | null
  readonly onDelay: Micros
  readonly offDelay: Micros
  readonly priority: Priority
  readonly latching: boolean
  readonly message: string
  readonly response: string
  readonly version: number
}
