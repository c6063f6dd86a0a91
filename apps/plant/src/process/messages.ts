/** What the plant and its device processes say to each other, over Node's own channel between parent and child. */
import type { TelemetryMessage } from '@millwright/sdk/device'
import type { Configuration } from '../core/machine.ts'
import type { FloorProtocol, Listening, Receivers, ShownMachine } from '../floor/speaker.ts'

export interface DeviceStart {
  readonly name: string
  /** Where it keeps its keys. */
  readonly directory: string
  /** One-time enrolment token, when it has no keys yet. */
  readonly token?: string
}

export type ToDevices =
  | { readonly kind: 'start'; readonly url: string; readonly devices: readonly DeviceStart[] }
  /** For a controller that speaks a protocol of the shop floor. */
  | {
      readonly kind: 'speak'
      readonly protocol: FloorProtocol
      readonly port: number
      readonly directory: string
      readonly machines: readonly ShownMachine[]
    }
  | { readonly kind: 'token'; readonly device: string; readonly token: string }
  | { readonly kind: 'readings'; readonly device: string; readonly messages: readonly TelemetryMessage[] }
  /** Where connections listen that a controller writes to. */
  | { readonly kind: 'receivers'; readonly receivers: Receivers }
  | { readonly kind: 'answer'; readonly call: number; readonly result?: unknown; readonly error?: string }
  | { readonly kind: 'stop' }

export type FromDevices =
  | { readonly kind: 'connected'; readonly device: string }
  | { readonly kind: 'disconnected'; readonly device: string; readonly reason: string }
  | { readonly kind: 'enrolled'; readonly device: string }
  | ({ readonly kind: 'listening'; readonly protocol: FloorProtocol } & Listening)
  /** It has neither keys nor a token that is good. */
  | { readonly kind: 'needs-token'; readonly device: string; readonly reason: string }
  /** A command of the platform, for the machine. */
  | {
      readonly kind: 'command'
      readonly call: number
      readonly device: string
      readonly name: string
      readonly params: unknown
    }
  /** Configuration the platform wants; `null`: only tell what is in force. The answer is a Configuration. */
  | {
      readonly kind: 'configure'
      readonly call: number
      readonly device: string
      readonly document: Configuration | null
    }
