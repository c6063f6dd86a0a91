export { COMPRESSOR_MODEL } from './air/compressor.ts'
export { CNC_MODEL, GAUGE_MODEL } from './cnc/model.ts'
export {
  type Fault,
  type Machine,
  type MachineCommand,
  type MachineModel,
  type Occurrence,
  type Position,
  type Setting,
  type SignalSpec,
  type SignalValue,
  STEP,
  type Waveform,
} from './core/machine.ts'
export { METER_MODEL } from './energy/meter.ts'
export { Plant, type PlantOptions, type PlantState } from './plant.ts'
export { World, type WorldOptions } from './process/world.ts'
export { PUMP_MODEL } from './pump/model.ts'
export { VEHICLE_MODEL } from './vehicle/vehicle.ts'
