export { monitoringMigrations } from './migrations.ts'
export {
  assembleMonitoring,
  createMonitoring,
  type Monitoring,
  type MonitoringOptions,
  type MonitoringParts,
} from './monitoring.ts'
export type { Commits, Equipment, EquipmentDirectory, History, WatchedSignal } from './ports.ts'
