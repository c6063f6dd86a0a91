export { AdapterShelf, edgeAdapters } from './adapters.ts'
export { type AgentOptions, type RunningAgent, startAgent } from './agent.ts'
export { ensureIdentity } from './enrol.ts'
export {
  DurableQueue,
  FRAME,
  type Loss,
  type Parcel,
  type QueueFigures,
  type QueueOptions,
  type QueuePolicy,
} from './queue/index.ts'
