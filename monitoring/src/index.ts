export { type AlarmPlace, mayReadAlarm } from './alarms/access.ts'
export type { AlarmMoved } from './alarms/desk.ts'
export { monitoringMigrations } from './migrations.ts'
export {
  assembleMonitoring,
  createMonitoring,
  type Monitoring,
  type MonitoringOptions,
  type MonitoringParts,
} from './monitoring.ts'
export type { Commits, Equipment, EquipmentDirectory, History, LatestValues, WatchedSignal } from './ports.ts'
