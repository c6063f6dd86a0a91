import { agentOperations } from './agents.ts'
import { assetOperations } from './assets.ts'
import { connectionOperations, nodeSetOperations } from './connections.ts'
import { deviceOperations } from './devices.ts'
import { energyOperations } from './energy.ts'
import { historyOperations } from './history.ts'
import { lifeOperations } from './life.ts'
import { monitoringOperations } from './monitoring.ts'
import { platformOperations } from './platform.ts'
import { qualityOperations } from './quality.ts'
import { serviceOperations } from './services.ts'
import { trustOperations } from './trust.ts'
import { vibrationOperations } from './vibration.ts'

export * from './agents.ts'
export * from './assets.ts'
export { asyncApiDocument } from './asyncapi.ts'
export { AuditEntry } from './audit.ts'
export * from './common.ts'
export * from './connections.ts'
export * from './device-protocol.ts'
export * from './devices.ts'
export * from './energy.ts'
export * from './history.ts'
export * from './life.ts'
export * from './lists.ts'
export * from './live.ts'
export * from './monitoring.ts'
export { openApiDocument } from './openapi.ts'
export * from './operation.ts'
export * from './platform.ts'
export * from './quality.ts'
export * from './roles.ts'
export * from './service-results.ts'
export * from './services.ts'
export * from './tenants.ts'
export * from './trust.ts'
export * from './users.ts'
export * from './vibration.ts'

/** Every operation of `/api/v1`. */
export const operations = {
  ...platformOperations,
  ...trustOperations,
  ...assetOperations,
  ...deviceOperations,
  ...connectionOperations,
  ...agentOperations,
  ...nodeSetOperations,
  ...historyOperations,
  ...monitoringOperations,
  ...serviceOperations,
  ...vibrationOperations,
  ...lifeOperations,
  ...energyOperations,
  ...qualityOperations,
}
