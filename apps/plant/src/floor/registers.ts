import type { SignalSpec } from '../core/machine.ts'
import { MODELS } from '../provision/tree.ts'
import type { ShownMachine } from './speaker.ts'

/** One signal or setting in a controller's Modbus map. Everything but switches is a float over two registers, high word first. */
export interface MappedRegister {
  readonly name: string
  readonly table: 'input' | 'discrete' | 'holding'
  /** From 0. */
  readonly address: number
  readonly type: 'float32' | 'bool'
  readonly unit: string
  /** Seconds between readings that make sense. */
  readonly every: number
}

/** The unit id of a controller's machines: their place in it, from 1. */
export const unitAt = (place: number): number => place + 1

/**
 * The map of a kind of machine: numbers in input registers from 0, switches in discrete inputs from 0, settings in holding
 * registers from 0, each in the order of the model. Texts, documents, positions and waveforms have no place in it.
 */
export function registerMap(machine: ShownMachine): readonly MappedRegister[] {
  const signals = MODELS.find(({ name }) => name === machine.model)?.signals ?? []
  const mapped = (table: MappedRegister['table'], type: MappedRegister['type'], specs: readonly SignalSpec[]) =>
    specs.map((spec, at) => ({
      name: spec.name,
      table,
      address: type === 'float32' ? at * 2 : at,
      type,
      unit: spec.unit,
      every: spec.every === 'event' ? 1 : spec.every,
    }))
  const settings = Object.entries(machine.settings).filter(([, value]) => typeof value === 'number')
  return [
    ...mapped(
      'input',
      'float32',
      signals.filter(({ kind }) => kind === 'number'),
    ),
    ...mapped(
      'discrete',
      'bool',
      signals.filter(({ kind }) => kind === 'boolean'),
    ),
    ...settings.map(([name], at) => ({
      name,
      table: 'holding' as const,
      address: at * 2,
      type: 'float32' as const,
      unit: '1',
      every: 5,
    })),
  ]
}
