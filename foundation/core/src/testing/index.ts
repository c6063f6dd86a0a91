export { busContract } from './bus-contract.ts'
export { eventually } from './eventually.ts'
export { freePort } from './free-port.ts'
export { VirtualClock } from './virtual-clock.ts'
