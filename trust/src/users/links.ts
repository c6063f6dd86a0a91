import { type Clock, DAY } from '@millwright/foundation'
import type { Sql } from '@millwright/storage'
import { hashSecret, newSecret } from '../secrets/secret.ts'
import { replaceLink } from './store.ts'

export interface Links {
  /** Makes a one-time sign-in link for a user; links made before are void. */
  make(sql: Sql, tenant: string, user: string): Promise<{ link: string; expiresAt: number }>
}

/** How long a link waits for its reader. */
const VALID_FOR = 3 * DAY

/**
 * The token stands behind `#`: browsers do not send it, so that it lands in no server's or proxy's log, and a mail
 * scanner that opens the page does not use it up.
 */
export function createLinks({ clock, publicUrl }: { clock: Clock; publicUrl: string }): Links {
  return {
    async make(sql, tenant, user) {
      const token = newSecret('mwl')
      const now = clock.now()
      await replaceLink(sql, tenant, user, { hash: hashSecret(token), createdAt: now, expiresAt: now + VALID_FOR })
      return { link: `${publicUrl.replace(/\/+$/, '')}/sign-in#${token}`, expiresAt: now + VALID_FOR }
    },
  }
}
