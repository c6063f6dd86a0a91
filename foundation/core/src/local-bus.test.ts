import { createBus } from './local-bus.ts'
import { createLog } from './log.ts'
import { busContract } from './testing/bus-contract.ts'

busContract('the bus in the process', () => createBus(createLog({ level: 'silent' })))
