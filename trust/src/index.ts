export {
  authorize,
  authorizePlatform,
  authorizeSeen,
  may,
  SHARED_PERMISSIONS,
  WHOLE_TENANT,
} from './access/authorize.ts'
export { type ReadScope, readScopes } from './access/scopes.ts'
export { anonymousActor, deviceActor, systemActor } from './access/system-actor.ts'
export type { Actor, ActorShare, Place } from './actor.ts'
export type { Call, FileReply, Handlers } from './api.ts'
export type { AuditDetail, AuditFilter, AuditLog, AuditVerdict } from './audit/model.ts'
export { type AuditOptions, createAudit } from './audit/service.ts'
export type { Authenticate, Authenticated, Credentials } from './authentication.ts'
export type { Authority, IssuedCertificate, ServerTls } from './authority/authority.ts'
export type { Seal } from './authority/seal.ts'
export type { Endpoints, EnrolmentService } from './identity/enrolment.ts'
export type { DeviceIdentity, IdentifiedDevice } from './identity/model.ts'
export { trustMigrations } from './migrations.ts'
export type { AssetPaths, DevicePlace, DevicePlaces } from './ports.ts'
export type { LiveSession } from './sessions/service.ts'
export type { FirstStart } from './tenants/service.ts'
export { createTrust, type Trust, type TrustOptions } from './trust.ts'
