import type { Bus, PlatformEvent, Subscription } from '@millwright/foundation'
import type { EnrolmentService } from './identity/enrolment.ts'
import type { IdentityService } from './identity/service.ts'
import type { RoleService } from './roles/service.ts'
import type { Principal } from './sessions/principal.ts'
import type { SessionService } from './sessions/service.ts'
import type { ShareService } from './shares/service.ts'
import type { TokenService } from './tokens/service.ts'

export interface Listeners {
  readonly sessions: SessionService
  readonly tokens: TokenService
  readonly identity: IdentityService
  readonly enrolment: EnrolmentService
  readonly roles: RoleService
  readonly shares: ShareService
}

/** What has to be forgotten or ended when something changes, in this process or (by a networked bus) in another one. */
export function listen(bus: Bus, on: Listeners): Subscription[] {
  const forget = (affected: (principal: Principal, id: string) => boolean) => {
    on.sessions.forget(affected)
    on.tokens.forget(affected)
  }
  const subscribe = (type: string, handler: (event: PlatformEvent) => void | Promise<void>) =>
    bus.subscribe(`millwright.${type}`, handler)
  return [
    subscribe('user.changed', ({ subject }) => forget(({ user }) => user.id === subject)),
    subscribe('grant.changed', (event) => {
      // Without a user it is a role that changed: everybody in the tenant may have it.
      const changed = text(event, 'user')
      forget(({ user }) => (changed === undefined ? user.tenant === event.tenant : user.id === changed))
    }),
    subscribe('share.changed', (event) => {
      const partner = text(event, 'partner')
      forget(({ user }) => user.tenant === partner)
    }),
    subscribe('session.revoked', (event) => {
      const revoked = text(event, 'user')
      on.sessions.forget(({ user }, session) => session === event.subject || user.id === revoked)
    }),
    subscribe('token.revoked', ({ subject }) => on.tokens.forget((_, token) => token === subject)),
    subscribe('certificate.revoked', (event) => {
      const serial = text(event, 'serial')
      if (serial !== undefined) on.identity.revoked(serial)
    }),
    subscribe('device.token-revoked', ({ subject }) => on.identity.forgetToken(subject)),
    subscribe('device.removed', ({ tenant, subject }) => on.enrolment.forgetDevice(tenant, subject)),
    subscribe('asset.removed', async ({ tenant, subject }) => {
      await on.roles.forgetNode(tenant, subject)
      await on.shares.forgetNode(tenant, subject)
    }),
  ]
}

/** A text field of an event's data, which may come from another program. */
function text(event: PlatformEvent, field: string): string | undefined {
  const { data } = event
  if (typeof data !== 'object' || data === null) return undefined
  const value = (data as Record<string, unknown>)[field]
  return typeof value === 'string' ? value : undefined
}
