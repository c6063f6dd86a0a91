export type { OpcuaServer } from './front-door.ts'
export { createOpcuaServer } from './front-door.ts'
export type { OpcuaLimits, OpcuaServerOptions } from './options.ts'
export type {
  AlarmChange,
  AlarmsPort,
  ApplicationCertificate,
  HistoricalValue,
  HistoryPort,
  OpcuaPorts,
  PlantClass,
  PlantNode,
  PlantSignal,
  ShownReading,
  SignInPort,
  TableAggregate,
  TreePort,
  ValuesPort,
  Visitor,
  WatchedAlarm,
} from './ports.ts'
