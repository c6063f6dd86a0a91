import type { Commands } from './commands/model.ts'
import type { DeadLetters } from './dead-letters/model.ts'
import type { Intake } from './intake/model.ts'
import type { Messages } from './messages/model.ts'
import type { DeviceSessions } from './sessions/model.ts'
import type { ThingsBoard } from './thingsboard/model.ts'
import type { Twins } from './twins/model.ts'

/** Connectivity as adapters see it. */
export interface AdapterPorts {
  readonly sessions: DeviceSessions
  readonly intake: Intake
  readonly commands: Commands
  readonly twins: Twins
  readonly deadLetters: DeadLetters
  readonly messages: Messages
  readonly thingsboard: ThingsBoard
}
