import { auditOperations } from './audit.ts'
import { roleOperations } from './roles.ts'
import { tenantOperations } from './tenants.ts'
import { sessionOperations, userOperations } from './users.ts'

/** What the stage `trust` answers for. */
export const trustOperations = {
  ...sessionOperations,
  ...userOperations,
  ...roleOperations,
  ...tenantOperations,
  ...auditOperations,
}
