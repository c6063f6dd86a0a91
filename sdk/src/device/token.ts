import { DeviceError } from './errors.ts'

/** A one-time enrolment token, taken apart: `mwe_<secret>_<first 32 hex digits of the authority's SHA-256>`. */
export interface EnrolmentToken {
  readonly text: string
  readonly fingerprint: string
}

const PATTERN = /^mwe_[A-Za-z0-9_-]{8,150}_([0-9a-f]{32})$/

export function parseEnrolmentToken(text: string): EnrolmentToken {
  const trimmed = text.trim()
  const match = PATTERN.exec(trimmed)
  if (match === null) {
    throw new DeviceError(
      'token-malformed',
      'That is not an enrolment token: it should look like mwe_…_… with 32 hex digits at its end. Copy it whole.',
    )
  }
  return { text: trimmed, fingerprint: match[1]! }
}
