import { Plant, STEP } from '@millwright/plant'
import type { DeviceClient, TelemetryMessage } from '@millwright/sdk/device'
import { enrolDevice } from './device.ts'
import type { RunningPlatform } from './platform.ts'

const SECOND = 1_000_000
const STATIONS = ['OP10', 'OP20'] as const
const PROCESS = ['spindle_power', 'spindle_temperature', 'tool_wear'] as const
const SIGNALS = {
  OP10: { part_serial: 'state', spindle_power: 'number', spindle_temperature: 'number', tool_wear: 'number' },
  OP20: { part_serial: 'state', spindle_power: 'number', spindle_temperature: 'number', tool_wear: 'number' },
  OP30: { part_serial: 'state', diameter: 'number' },
} as const
type Machine = keyof typeof SIGNALS
const MACHINES = Object.keys(SIGNALS) as Machine[]
const FAST = Math.round(0.2 / STEP)
const SLOW = Math.round(1 / STEP)

/** The demo plant's line on a platform: a shift of it as history, then part by part. */
export class JudgedLine {
  readonly plant = new Plant({ seed: 5, schedule: false })
  readonly begin: number
  readonly equipment: Readonly<Record<Machine, string>>
  readonly signals: Readonly<Record<Machine, Readonly<Record<string, string>>>>
  readonly devices: Readonly<Record<Machine, { readonly id: string; readonly client: DeviceClient }>>
  /** Steady time, ms, at which each part was told to have left the mill, and at which the gate was told to take it out. */
  readonly left = new Map<string, number>()
  readonly told = new Map<string, number>()
  readonly #platform: RunningPlatform
  #steps = 0

  private constructor(
    platform: RunningPlatform,
    minutes: number,
    made: Pick<JudgedLine, 'equipment' | 'signals' | 'devices'>,
  ) {
    this.#platform = platform
    this.begin = Math.floor(Date.now() / 1000) * SECOND - minutes * 60 * SECOND
    this.equipment = made.equipment
    this.signals = made.signals
    this.devices = made.devices
    made.devices.OP30.client.onCommand('divert', (params) => {
      const { serial } = params as { serial: string }
      this.told.set(serial, performance.now())
      return this.plant.machine('OP30').commands['divert']!(params)
    })
  }

  /** @param minutes how much of its past there will be */
  static async open(platform: RunningPlatform, minutes: number): Promise<JudgedLine> {
    const { client } = platform
    const line = await client.createAsset({ body: { level: 'line', name: 'Line 1', parent: null } })
    const equipment = {} as Record<Machine, string>
    const signals = {} as Record<Machine, Record<string, string>>
    const devices = {} as Record<Machine, { id: string; client: DeviceClient }>
    for (const machine of MACHINES) {
      const { id } = await client.createAsset({ body: { level: 'equipment', name: machine, parent: line.id } })
      equipment[machine] = id
      signals[machine] = {}
      for (const [name, kind] of Object.entries(SIGNALS[machine])) {
        const unit = name === 'diameter' ? 'mm' : '1'
        signals[machine][name] = (await client.createSignal({ body: { name, kind, unit, equipment: id } })).id
      }
      const enrolled = await enrolDevice(platform, { name: machine, equipment: id })
      devices[machine] = { id: enrolled.id, client: enrolled.connect() }
    }
    return new JudgedLine(platform, minutes, { equipment, signals, devices })
  }

  /** The settings of a service that foresees the diameter. */
  get settings() {
    return {
      stations: STATIONS.map((name) => ({
        name,
        part: this.signals[name]['part_serial']!,
        signals: PROCESS.map((signal) => this.signals[name][signal]!),
      })),
      result: 'diameter',
      resultPart: 'part_serial',
      lower: 39.975,
      upper: 40.025,
      miss: 40,
      falseReject: 4,
    }
  }

  /** Lets minutes go by and writes them as an import would. */
  async past(minutes: number): Promise<void> {
    const held = new Map<string, { time: number[]; value: unknown[] }>()
    for (let step = 0; step < (minutes * 60) / STEP; step++)
      for (const { machine, message } of this.#step())
        for (const [name, value] of Object.entries(message.values)) {
          const signal = this.signals[machine][name]!
          const its = held.get(signal) ?? { time: [], value: [] }
          held.set(signal, its)
          its.time.push(message.time as number)
          its.value.push(value)
        }
    for (const [signal, { time, value }] of held)
      for (let at = 0; at < time.length; at += 50_000)
        await this.#platform.client.writeReadings({
          body: { signal, time: time.slice(at, at + 50_000), value: value.slice(at, at + 50_000) },
        })
  }

  /** Lets the line run and its devices send, until a part has left the mill. @returns its serial number */
  async nextPart(): Promise<string> {
    const sent: Promise<unknown>[] = []
    let inMill = ''
    for (;;) {
      let gone = false
      for (const { machine, message } of this.#step()) {
        const serial = machine === 'OP20' ? message.values['part_serial'] : undefined
        if (serial === 'none') {
          gone = inMill !== ''
          // All before has arrived: what is measured is the decision alone.
          await Promise.all(sent)
          this.left.set(inMill, performance.now())
        } else if (typeof serial === 'string') inMill = serial
        sent.push(this.devices[machine].client.publish(message))
      }
      if (!gone) continue
      await Promise.all(sent)
      return inMill
    }
  }

  async close(): Promise<void> {
    for (const { client } of Object.values(this.devices)) await client.close()
  }

  /** One step of the plant, and what its instruments have to tell then. */
  #step(): { machine: Machine; message: TelemetryMessage }[] {
    this.plant.step()
    this.#steps++
    const time = this.begin + Math.round(this.#steps * STEP * SECOND)
    return MACHINES.flatMap((machine) => {
      const its = this.plant.machine(machine)
      const values: Record<string, number | string> = {}
      if (machine !== 'OP30') {
        const { spindle_power, spindle_temperature, tool_wear } = its.signals() as Record<string, number>
        if (this.#steps % FAST === 0) values['spindle_power'] = spindle_power!
        if (this.#steps % SLOW === 0) Object.assign(values, { spindle_temperature, tool_wear })
      }
      for (const { signal, value } of its.occurrences())
        if (Object.hasOwn(SIGNALS[machine], signal)) values[signal] = value as number | string
      return Object.keys(values).length === 0 ? [] : [{ machine, message: { time, values } }]
    })
  }
}
