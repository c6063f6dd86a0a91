export { eventually } from './eventually.ts'
export { VirtualClock } from './virtual-clock.ts'
