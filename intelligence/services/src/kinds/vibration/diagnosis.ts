import type { BodyOf, VibrationDiagnosis, vibrationOperations } from '@millwright/contracts'
import type { SignalFacts } from '@millwright/data'
import { MINUTE, type Micros, SECOND } from '@millwright/foundation'
import {
  gearOrders,
  type MachineDescription,
  sentenceOf,
  severityClasses,
  significant,
} from '@millwright/methods/vibration'
import type { Actor } from '@millwright/trust'
import { serviceErrors } from '../../errors.ts'
import type { ServiceRow } from '../../services/model.ts'
import type { KindOptions } from '../options.ts'
import { filledSettings } from '../settings.ts'
import { type Normal, readBaseline } from './baseline.ts'
import { recordingErrors } from './errors.ts'
import { measure } from './judge.ts'
import { vibration } from './kind.ts'
import { describe, speedFactor } from './machine.ts'
import type { Recordings } from './recordings.ts'
import { type VibrationSettings, vibrationSettings } from './settings.ts'
import { Speeds } from './speeds.ts'

type Query = BodyOf<(typeof vibrationOperations)['diagnoseVibration']>

/** Stored recordings looked at as a service looks at live ones, with all that it goes by. */
export class Diagnoses {
  readonly #options: KindOptions
  readonly #recordings: Recordings

  constructor(options: KindOptions, recordings: Recordings) {
    this.#options = options
    this.#recordings = recordings
  }

  async of(actor: Actor, id: string, query: Query, signal: AbortSignal): Promise<VibrationDiagnosis> {
    const row = await this.#options.access.service(actor, id, 'service:read')
    if (row.kind !== vibration.id) throw serviceErrors.unknown({ id })
    const settings = vibrationSettings(filledSettings(vibration, row.settings))
    const facts = this.#sensor(actor, row, settings, query.signal)
    const at = query.at ?? this.#options.clock.now() + MINUTE
    const { time, waveform } = await this.#recordings.newest(facts, at, signal)
    const shaft = await this.#shaft(row, settings, time, signal)
    const machine = { ...describe(settings), ...(shaft !== undefined && { shaft }) }
    const normal = await this.#normal(row, facts.name)
    const found = measure(machine, normal, waveform)
    const { standard, velocity } = severityClasses[settings.severityClass]
    const { zone, velocity: now, displacement } = found.severity
    const { rms, peak, crest, kurtosis } = found.statistics
    return {
      signal: facts.id,
      time,
      sentence: sentenceOf(found),
      findings: found.findings.map(({ lines, ...finding }) => ({
        ...finding,
        lines: lines.map(({ significance: _, ...line }, n) => ({ ...line, significant: significant(lines[n]!) })),
      })),
      ...(found.shaft && { shaft: found.shaft }),
      severity: { zone, velocity: now, displacement, class: settings.severityClass, standard, limits: [...velocity] },
      statistics: { rms, peak, crest, kurtosis },
      ...(normal && { normalVelocity: normal.velocity }),
      frequencies: found.shaft === undefined ? [] : frequenciesOf(machine, found.shaft.frequency),
      limits: [...found.limits],
    }
  }

  #sensor(actor: Actor, row: ServiceRow, { waveforms }: VibrationSettings, id: string | undefined): SignalFacts {
    const own = [...this.#options.plant.catalogue.ofEquipment(row.equipment).values()]
      .filter(({ kind, name }) => kind === 'waveform' && (waveforms.length === 0 || waveforms.includes(name)))
      .sort((one, other) => (one.name < other.name ? -1 : 1))
    const found = id === undefined ? own[0] : own.find((each) => each.id === id)
    if (found === undefined) throw recordingErrors.notListened({ service: row.name, id: id ?? '', path: 'signal' })
    return this.#recordings.signal(actor, found.id)
  }

  /** Hz at the time of a recording; undefined when it is not told. */
  async #shaft(
    row: ServiceRow,
    { speed, rpm }: VibrationSettings,
    time: Micros,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    if (speed === '') return rpm > 0 ? rpm / 60 : undefined
    const facts = this.#options.plant.catalogue.ofEquipment(row.equipment).get(speed)
    if (facts === undefined) return undefined
    const speeds = new Speeds()
    const factor = speedFactor(facts.unit)
    const raw = this.#options.historian.replay.raw([facts.key], time - 2 * MINUTE, time + 2 * SECOND, signal)
    for await (const batch of raw)
      for (let n = 0; n < batch.length; n++) speeds.push(batch.time[n]!, batch.value[n]! * factor)
    return speeds.at(time)
  }

  /** Before the first training there is none. */
  async #normal(row: ServiceRow, sensor: string): Promise<Normal | undefined> {
    try {
      return readBaseline((await this.#options.model(row)).model)[sensor]
    } catch {
      return undefined
    }
  }
}

function frequenciesOf({ bearings, gears }: MachineDescription, shaft: number): VibrationDiagnosis['frequencies'] {
  const at = (part: string, name: string, order: number) => ({ part, name, frequency: order * shaft })
  return [
    at('shaft', '1×', 1),
    ...bearings.flatMap(({ name, orders: { bpfo, bpfi, bsf, ftf } }) => [
      at(name, 'BPFO', bpfo),
      at(name, 'BPFI', bpfi),
      at(name, '2×BSF', 2 * bsf),
      at(name, 'FTF', ftf),
    ]),
    ...gears.flatMap(({ name, pair }) => {
      const { mesh, drivenShaft } = gearOrders(pair)
      return [at(name, 'mesh', mesh), at(name, 'driven 1×', drivenShaft)]
    }),
  ]
}
