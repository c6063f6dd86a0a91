export { MemoryAssets, TestConnectivity, testConnectivity } from './connectivity.ts'
export { MemorySignals } from './memory-signals.ts'
export { MemorySink, type StoredRow } from './memory-sink.ts'
