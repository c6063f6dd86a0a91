import { join } from 'node:path'
import type { deviceOperations, trustOperations } from '@millwright/contracts'
import { type Bus, type Clock, HOUR, type Log, type Micros, type Timer } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { Handlers } from './api.ts'
import { openCheckpoints } from './audit/checkpoints.ts'
import { auditHandlers } from './audit/handlers.ts'
import type { AuditLog } from './audit/model.ts'
import { createAudit } from './audit/service.ts'
import { type Authenticate, createAuthenticate } from './authentication.ts'
import { Authority } from './authority/authority.ts'
import { authorityErrors } from './authority/errors.ts'
import { privateDirectory, readIfThere } from './authority/files.ts'
import { KeyStore } from './authority/key-store.ts'
import { openSeal, type Seal } from './authority/seal.ts'
import { serverNames } from './authority/server-names.ts'
import { announcer } from './events.ts'
import { type Endpoints, EnrolmentService } from './identity/enrolment.ts'
import { enrolmentHandlers } from './identity/handlers.ts'
import { CertificateList } from './identity/list.ts'
import type { DeviceIdentity } from './identity/model.ts'
import { IdentityService } from './identity/service.ts'
import { anyCertificate, listRevoked } from './identity/store.ts'
import { listen } from './invalidation.ts'
import type { AssetPaths, DevicePlaces } from './ports.ts'
import { roleHandlers } from './roles/handlers.ts'
import { RoleService } from './roles/service.ts'
import { sessionHandlers } from './sessions/handlers.ts'
import { SessionService } from './sessions/service.ts'
import { shareHandlers } from './shares/handlers.ts'
import { ShareService } from './shares/service.ts'
import { tenantHandlers } from './tenants/handlers.ts'
import { type FirstStart, TenantService } from './tenants/service.ts'
import { createThrottle } from './throttle/throttle.ts'
import { tokenHandlers } from './tokens/handlers.ts'
import { TokenService } from './tokens/service.ts'
import { userHandlers } from './users/handlers.ts'
import { createLinks } from './users/links.ts'
import { UserService } from './users/service.ts'

export interface TrustOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  /** Keys, certificates and signed heads of the audit log; made when missing, for the owner's eyes only. */
  readonly directory: string
  /** Seals the keys. Without one they are sealed by a key file that lies beside them. */
  readonly passphrase?: string | undefined
  /** Where people reach the console: links and the server's certificate are made for it. */
  readonly publicUrl: string
  readonly assetPaths: AssetPaths
  readonly devicePlaces: DevicePlaces
  /** Where devices connect; default: the public address, MQTT on 8883. Asked each time a device enrols. */
  readonly endpoints?: () => Endpoints
  /** Life of a device certificate, µs; default 365 days. */
  readonly deviceCertificateFor?: Micros | undefined
  /** Takes device certificates on record that the database has forgotten, as after a restored backup; default: refuses them. */
  readonly adoptCertificates?: boolean | undefined
  /** Who administers a new platform until they say otherwise. */
  readonly administrator?: { readonly tenant: string; readonly email: string; readonly name: string }
}

type EnrolmentOperations = Pick<
  typeof deviceOperations,
  | 'createEnrolmentToken'
  | 'enrol'
  | 'renewCertificate'
  | 'listCertificates'
  | 'listAllCertificates'
  | 'revokeCertificate'
  | 'createDeviceToken'
  | 'revokeDeviceToken'
>

/** Who may do what: the whole stage, wired. */
export interface Trust {
  readonly authenticate: Authenticate
  readonly audit: AuditLog
  readonly users: UserService
  readonly roles: RoleService
  readonly tenants: TenantService
  readonly shares: ShareService
  readonly tokens: TokenService
  readonly sessions: SessionService
  readonly enrolment: EnrolmentService
  readonly authority: Authority
  readonly deviceIdentity: DeviceIdentity
  /** Keeps what other stages must keep secret unreadable at rest. */
  readonly seal: Seal
  readonly handlers: Handlers<typeof trustOperations & EnrolmentOperations>
  /** At each start, after the migrations: the first tenant, and a sign-in link while no administrator is active. */
  firstStart(): Promise<FirstStart>
  /** Begins what is done by the clock: renewal, tidying up. */
  start(): void
  stop(): Promise<void>
}

const TIDY_EVERY = HOUR
const ADMINISTRATOR = { tenant: 'My plant', email: 'admin@millwright.local', name: 'Administrator' }

/** Opens the stage: its tables must be there (`trustMigrations`). Throws a typed error when the keys cannot be opened. */
export async function createTrust(options: TrustOptions): Promise<Trust> {
  const { database, bus, clock, log, directory, publicUrl, assetPaths, devicePlaces } = options
  const inUse = () => database.system(anyCertificate)
  // Looked at before anything is made: another authority would make strangers of all devices.
  const root = join(directory, 'root.crt')
  if ((await readIfThere(root)) === undefined && (await inUse())) throw authorityErrors.fileMissing({ file: root })
  await privateDirectory(directory)
  const seal = await openSeal(directory, options.passphrase)
  const authority = await Authority.open({
    directory,
    seal,
    clock,
    log,
    serverNames: serverNames(publicUrl),
    deviceCertificateFor: options.deviceCertificateFor,
    revoked: () => database.system((sql) => listRevoked(sql, clock.now())),
    inUse,
  })
  const checkpoints = await openCheckpoints({
    directory: join(directory, 'audit'),
    keys: new KeyStore(directory, seal),
    database,
    clock,
    log,
  })
  const announce = announcer(bus, clock)
  const links = createLinks({ clock, publicUrl })
  const throttle = createThrottle({ database, clock })
  const audit = createAudit({ database, clock, checkpoints })
  const common = { database, clock, audit, announce, assetPaths }
  const users = new UserService({ ...common, links })
  const roles = new RoleService(common)
  const tenants = new TenantService({ ...common, links })
  const shares = new ShareService(common)
  const tokens = new TokenService(common)
  const sessions = new SessionService({ ...common, throttle })
  const identity = new IdentityService({
    database,
    clock,
    authority,
    devicePlaces,
    audit,
    adoptCertificates: options.adoptCertificates,
  })
  const certificates = new CertificateList({ database, clock, devicePlaces })
  await identity.load()
  const endpoints = options.endpoints ?? (() => endpointsOf(publicUrl))
  const enrolment = new EnrolmentService({ ...common, authority, identity, devicePlaces, endpoints })
  const subscriptions = listen(bus, { sessions, tokens, identity, enrolment, roles, shares })

  let timer: Timer | undefined
  const tidyLater = () => {
    timer = clock.after(TIDY_EVERY, () => {
      Promise.all([throttle.tidy(), sessions.tidy(), enrolment.tidy()]).catch((error) => {
        log.error({ err: error }, 'could not tidy up what has expired; it is tried again')
      })
      tidyLater()
    })
  }

  return {
    authenticate: createAuthenticate({ sessions, tokens, identity, clock }),
    audit,
    users,
    roles,
    tenants,
    shares,
    tokens,
    sessions,
    enrolment,
    authority,
    deviceIdentity: identity,
    seal,
    handlers: {
      ...sessionHandlers(sessions, tokens),
      ...userHandlers(users),
      ...roleHandlers(roles),
      ...tokenHandlers(tokens),
      ...tenantHandlers(tenants),
      ...shareHandlers(shares),
      ...auditHandlers(audit),
      ...enrolmentHandlers(enrolment, certificates),
    },
    firstStart: () => tenants.firstStart(options.administrator ?? ADMINISTRATOR),
    start() {
      authority.start()
      tidyLater()
    },
    async stop() {
      timer?.cancel()
      for (const subscription of subscriptions) subscription.cancel()
      await authority.stop()
      await checkpoints.stop()
    },
  }
}

function endpointsOf(publicUrl: string): Endpoints {
  const url = new URL(publicUrl)
  return { mqtt: { host: url.hostname.replace(/^\[|\]$/g, ''), port: 8883 }, http: { url: url.origin } }
}
