import { MillwrightError } from '@millwright/foundation'
import { readJsonObject } from '../codecs/json/document.ts'
import { connectivityErrors } from '../errors.ts'

const CODE = /^MW-[A-Z0-9]{2,20}-\d{4}$/
const TEXT_CHARS = 2_000
const PAYLOAD_BYTES = 4_096
const DEVICE_CHARS = 120

/** Where a message of an agent belongs: one of its connections ('' the agent itself), a device behind it ('' its own). */
export interface AgentPlace {
  readonly connection: string
  readonly device: string
}

/** `mw/v1/agent/refused`: `{ connection, device, source, code, reason, payload (base64), time }`. */
export function readRefused(
  payload: Uint8Array,
): AgentPlace & { readonly source: string; readonly error: MillwrightError; readonly payload: Buffer } {
  const body = readJsonObject(payload)
  const code = text(body, 'code')
  if (!CODE.test(code)) throw connectivityErrors.wrongType({ path: '/code', expected: 'an error code as MW-CONN-0001' })
  const kept = text(body, 'payload', '', Math.ceil((PAYLOAD_BYTES * 4) / 3) + 4)
  return {
    ...placeOf(body),
    source: text(body, 'source', ''),
    error: new MillwrightError(code, 400, text(body, 'reason')),
    payload: Buffer.from(kept, 'base64').subarray(0, PAYLOAD_BYTES),
  }
}

/** `mw/v1/agent/devices`: `{ connection, device, online, reason? }`. */
export function readPresence(payload: Uint8Array): AgentPlace & { readonly online: boolean; readonly reason: string } {
  const body = readJsonObject(payload)
  const { online } = body
  if (typeof online !== 'boolean') throw connectivityErrors.wrongType({ path: '/online', expected: 'true or false' })
  return { ...placeOf(body), online, reason: text(body, 'reason', 'its edge agent said that it left') }
}

function placeOf(body: Record<string, unknown>): AgentPlace {
  return { connection: text(body, 'connection', ''), device: text(body, 'device', '', DEVICE_CHARS) }
}

function text(body: Record<string, unknown>, name: string, missing?: string, most = TEXT_CHARS): string {
  const value = body[name] ?? missing
  if (typeof value !== 'string') throw connectivityErrors.wrongType({ path: `/${name}`, expected: 'text' })
  if (value.length > most) throw connectivityErrors.valueTooLarge({ path: `/${name}`, limit: `${most} characters` })
  return value
}
