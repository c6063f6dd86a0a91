import { createHash } from 'node:crypto'
import type { AuditEntry } from '@millwright/contracts'
import { canonicalJson, type Json } from './canonical.ts'

/** The hash before the first entry. */
export const GENESIS = '0'.repeat(64)

/** What the hash of an entry covers: all of it, its tenant, and through `previous` everything before it. */
export function entryHash(tenant: string, previous: string, entry: Omit<AuditEntry, 'hash'>): string {
  const covered = {
    tenant,
    sequence: entry.sequence,
    time: entry.time,
    actorKind: entry.actorKind,
    actor: entry.actor,
    actorName: entry.actorName,
    action: entry.action,
    target: entry.target,
    detail: entry.detail as Json,
    address: entry.address ?? null,
  }
  return createHash('sha256')
    .update(`${previous}\n${canonicalJson(covered)}`, 'utf8')
    .digest('hex')
}

/** Walks a chain from its first entry; feed it the entries in the order of their sequence. */
export class ChainWalk {
  readonly tenant: string
  entries = 0
  head = GENESIS
  /** Sequence of the first entry that does not fit; undefined while all do. */
  brokenAt: number | undefined
  readonly #marks: ReadonlyMap<number, string>

  /** @param marks sequence -> hash known from elsewhere (signed checkpoints), which the chain must run through */
  constructor(tenant: string, marks: ReadonlyMap<number, string> = new Map()) {
    this.tenant = tenant
    this.#marks = marks
  }

  /** @returns false at the first entry that does not fit */
  step(entry: AuditEntry, previous: string): boolean {
    const expected = this.entries + 1
    const fits =
      entry.sequence === expected &&
      previous === this.head &&
      entry.hash === entryHash(this.tenant, this.head, entry) &&
      (this.#marks.get(expected) ?? entry.hash) === entry.hash
    if (!fits) {
      this.brokenAt = expected
      return false
    }
    this.entries = expected
    this.head = entry.hash
    return true
  }

  /** After the last entry: a mark beyond it means that the tail was cut off. */
  finish(): void {
    if (this.brokenAt !== undefined) return
    for (const sequence of this.#marks.keys()) {
      if (sequence > this.entries) this.brokenAt = this.entries + 1
    }
  }
}
