import type { DeviceMessage } from '@millwright/contracts'

/** The last messages of each device, in memory and bounded: what a person looks at when a device does not work. */
export interface Messages {
  /** For adapters: a message that `intake` does not see (out, or not telemetry). The payload's head is copied. */
  note(device: string, direction: 'in' | 'out', topic: string, payload: Uint8Array, points?: number): void
  /** Newest first. */
  of(device: string): DeviceMessage[]
}
