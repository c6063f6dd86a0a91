import type { platformOperations } from '@millwright/contracts'
import type { EventRecorder } from '@millwright/data'
import type { Clock } from '@millwright/foundation'
import {
  type Actor,
  type Authority,
  authorizePlatform,
  type Endpoints,
  type FileReply,
  type Handlers,
} from '@millwright/trust'

export interface PlatformHandlerOptions {
  readonly version: string
  readonly clock: Clock
  readonly authority: Authority
  readonly endpoints: () => Endpoints
  readonly events: EventRecorder
  readonly backup: (actor: Actor) => FileReply
}

export const platformHandlers = (options: PlatformHandlerOptions): Handlers<typeof platformOperations> => ({
  getInfo: async () => {
    const { mqtt, http } = options.endpoints()
    return {
      name: 'Millwright',
      version: options.version,
      time: options.clock.now(),
      publicUrl: http.url,
      mqtt,
      authority: options.authority.certificate,
      authorityFingerprint: options.authority.fingerprint,
    }
  },
  listEvents: ({ actor, query }) => options.events.list(actor, query),
  backup: async ({ actor, header }) => {
    authorizePlatform(actor, 'platform:backup')
    header('content-disposition', 'attachment; filename="millwright-backup.tar"')
    return options.backup(actor)
  },
})
