import type { trustOperations } from '@millwright/contracts'
import type { Handlers } from '../api.ts'
import type { AuditLog } from './model.ts'

export const auditHandlers = (
  audit: AuditLog,
): Handlers<Pick<typeof trustOperations, 'listAudit' | 'verifyAudit'>> => ({
  listAudit: ({ actor, query }) => audit.list(actor, query),
  verifyAudit: ({ actor }) => audit.verify(actor),
})
