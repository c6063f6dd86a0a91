import { type Clock, MINUTE } from '@millwright/foundation'
import type { Actor } from '../actor.ts'
import type { AuditLog } from '../audit/model.ts'

/** Refused sign-ins that get an entry of their own, each minute. */
const MOST_PER_MINUTE = 60

/**
 * Writes refused sign-ins into the audit log. Strangers cause these entries, from as many addresses as they can rent: so
 * many a minute are written one by one, of the rest the number goes with the next one.
 */
export class Refusals {
  readonly #audit: AuditLog
  readonly #clock: Clock
  #minute = 0
  #written = 0
  #leftOut = 0

  constructor(audit: AuditLog, clock: Clock) {
    this.#audit = audit
    this.#clock = clock
  }

  /** @param account the user's id, or undefined when there is no such account */
  async record(tenant: string, account: string | undefined, reason: string, address: string): Promise<void> {
    const minute = Math.floor(this.#clock.now() / MINUTE)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#written = 0
    }
    if (this.#written >= MOST_PER_MINUTE) {
      this.#leftOut++
      return
    }
    this.#written++
    const leftOut = this.#leftOut
    this.#leftOut = 0
    const detail = { reason, ...(leftOut === 0 ? {} : { furtherRefusalsBefore: leftOut }) }
    await this.#audit.record(unproven(tenant, address), 'session.refuse', account ?? 'unknown', detail)
  }
}

/** Somebody who says they are a user, and has not shown it. */
const unproven = (tenant: string, address: string): Actor => ({
  kind: 'system',
  id: 'sign-in',
  name: 'sign-in',
  tenant,
  permissions: new Map(),
  shares: [],
  address,
  platform: false,
})
