import type { Request } from '../codec/pdu.ts'

/** Who asks, and how long it may take. Times in ms. */
export interface Asking {
  readonly name: string
  readonly unit: number
  readonly timeout: number
  readonly pause: number
}

/** A request that waits or is out. */
export interface Job {
  readonly asking: Asking
  readonly request: Request
  readonly pdu: Uint8Array
  readonly done: (data: Uint8Array) => void
  readonly failed: (error: Error) => void
  readonly command: AbortSignal | undefined
}
