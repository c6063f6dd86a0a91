import type { Configuration, Machine } from '../core/machine.ts'
import type { Plant } from '../plant.ts'
import type { ControlReply, ControlRequest, FaultLine } from './control.ts'

/** Every fault of a plant, and whether it is there now. */
export const faultLines = (plant: Plant): FaultLine[] =>
  plant.machines.flatMap((machine) =>
    machine.faults.map(({ name, description, active }) => ({
      machine: machine.name,
      fault: name,
      description,
      active,
    })),
  )

/** Does what a person at this machine asks of the plant. */
export function control(plant: Plant, request: ControlRequest): ControlReply {
  if (request.action === 'inject' || request.action === 'clear') {
    plant.setFault(request.fault, request.action === 'inject', request.machine)
  } else if (request.action === 'clear-all') {
    for (const { machine, fault, active } of faultLines(plant)) if (active) plant.setFault(fault, false, machine)
  } else if (request.action !== 'list') {
    return { ok: false, error: 'the plant does not know this request' }
  }
  return { ok: true, faults: faultLines(plant) }
}

/** Does what the platform asks of one machine by its device: its own commands, and faults for practice. */
export function command(plant: Plant, machine: Machine, name: string, params: unknown): unknown {
  if (name === 'inject_fault' || name === 'clear_fault') {
    const fault = typeof params === 'object' && params !== null ? (params as { fault?: unknown }).fault : params
    if (typeof fault !== 'string') throw new Error('fault must name a fault of this machine')
    return plant.setFault(fault, name === 'inject_fault', machine.name)
  }
  const known = Object.hasOwn(machine.commands, name) ? machine.commands[name] : undefined
  if (known === undefined) {
    const names = [...Object.keys(machine.commands), 'inject_fault', 'clear_fault'].join(', ')
    throw new Error(`${machine.name} has no command ${name}; it has: ${names}`)
  }
  return known(params)
}

/** Sets what the platform wants of one machine's configuration, and says what is in force; what was refused, and why. */
export function configure(machine: Machine, wanted: Configuration | null): Configuration {
  const refused: Record<string, string> = {}
  for (const [name, value] of Object.entries(wanted ?? {})) {
    const setting = Object.hasOwn(machine.settings, name) ? machine.settings[name] : undefined
    try {
      if (setting === undefined) refused[name] = 'this machine has no such setting'
      else setting.set(value)
    } catch (error) {
      refused[name] = (error as Error).message
    }
  }
  const inForce: Configuration = {}
  for (const [name, setting] of Object.entries(machine.settings)) inForce[name] = setting.get()
  return Object.keys(refused).length === 0 ? inForce : { ...inForce, refused }
}
