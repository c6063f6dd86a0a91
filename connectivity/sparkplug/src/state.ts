/**
 * STATE of a host application: JSON on `spBv1.0/STATE/<host>` since 3.0 (section 6.4.4), the bare words ONLINE and OFFLINE on
 * `STATE/<host>` before (2.2).
 */
import { isObject, readJson } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import { NAMESPACE } from './topic.ts'

export const stateTopic = (host: string): string => `${NAMESPACE}/STATE/${host}`
export const legacyStateTopic = (host: string): string => `STATE/${host}`

export interface HostState {
  readonly online: boolean
  /** Milliseconds since the epoch; undefined: 2.2, which has none. */
  readonly timestamp: number | undefined
}

/** @param timestamp ms; the birth's and its will's are the same */
export const stateMessage = (online: boolean, timestamp: number): Buffer =>
  Buffer.from(JSON.stringify({ online, timestamp }))

/** undefined: neither form. */
export function parseState(payload: Buffer): HostState | undefined {
  if (payload.length > 1024) return undefined
  const text = payload.toString('latin1')
  if (text === 'ONLINE' || text === 'OFFLINE') return { online: text === 'ONLINE', timestamp: undefined }
  try {
    const value = readJson(payload)
    if (!isObject(value)) return undefined
    const { online, timestamp } = value
    if (typeof online !== 'boolean' || typeof timestamp !== 'number' || !Number.isInteger(timestamp)) return undefined
    return { online, timestamp }
  } catch (error) {
    if (error instanceof MillwrightError) return undefined
    throw error
  }
}

/** Does a later message replace what is known? A will of an older connection may come after the birth of a newer one. */
export const replaces = (known: HostState | undefined, next: HostState): boolean =>
  known?.timestamp === undefined || next.timestamp === undefined || next.timestamp >= known.timestamp
