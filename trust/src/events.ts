import type { Bus, Clock } from '@millwright/foundation'
import { idAt } from './ids.ts'

/** What trust tells the other stages, each under `millwright.`; `subject` is the id of what it is about. */
export type TrustEvent =
  | 'user.changed'
  | 'grant.changed'
  | 'share.changed'
  | 'session.revoked'
  | 'token.revoked'
  | 'certificate.revoked'
  | 'device.enrolled'
  | 'device.token-revoked'

export type Announce = (type: TrustEvent, tenant: string, subject: string, data?: object) => Promise<void>

/** Announcements go out after the change is committed: nobody hears of what was rolled back. */
export const announcer =
  (bus: Bus, clock: Clock): Announce =>
  (type, tenant, subject, data = {}) => {
    const time = clock.now()
    return bus.publish({
      id: idAt('evt', time),
      type: `millwright.${type}`,
      source: 'millwright/trust',
      subject,
      tenant,
      time,
      data,
    })
  }
