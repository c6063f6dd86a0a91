export { busContract, sampleEvent } from './bus-contract.ts'
export { eventually } from './eventually.ts'
export { VirtualClock } from './virtual-clock.ts'
