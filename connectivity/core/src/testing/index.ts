export { MemoryAssets, TestConnectivity, testConnectivity } from './connectivity.ts'
export { FaultyLink } from './faulty-link.ts'
export { MemorySignals } from './memory-signals.ts'
export { MemorySink, type StoredRow } from './memory-sink.ts'
export {
  type CollectedRefusal,
  type CollectedRow,
  type CollectedStatus,
  TestPorts,
  type TestPortsOptions,
} from './test-ports.ts'
export { ToyAdapter, type ToyConfig, ToyConnection } from './toy-adapter.ts'
