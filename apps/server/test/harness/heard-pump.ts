import assert from 'node:assert/strict'
import { eventually } from '@millwright/foundation/testing'
import { Plant, STEP, type Waveform } from '@millwright/plant'
import type { DeviceClient } from '@millwright/sdk/device'
import { enrolDevice } from './device.ts'
import type { RunningPlatform } from './platform.ts'

const SECOND = 1_000_000
const PATIENCE = 180_000
/** A recording each five seconds, as the pump's transmitter sends them. */
const PACE = 5

/** What its settings are, as people would choose them. */
export const LISTENING = {
  speed: 'speed',
  pump: true,
  bearings: [{ name: 'drive end', designation: 'SKF 6205-2RS JEM' }],
} as const

/**
 * The demo plant's pump with its transmitter, on a platform; its time is the plant's, ten minutes ago at the beginning.
 */
export class HeardPump {
  readonly plant = new Plant({ seed: 4, schedule: false })
  readonly begin = Math.floor(Date.now() / 1000) * SECOND - 600 * SECOND
  readonly equipment: string
  readonly signals: Readonly<Record<'vibration_waveform' | 'speed', string>>
  readonly #platform: RunningPlatform
  readonly #device: DeviceClient

  private constructor(
    platform: RunningPlatform,
    device: DeviceClient,
    equipment: string,
    signals: HeardPump['signals'],
  ) {
    this.#platform = platform
    this.#device = device
    this.equipment = equipment
    this.signals = signals
  }

  static async open(platform: RunningPlatform): Promise<HeardPump> {
    const { client } = platform
    const line = await client.createAsset({ body: { level: 'line', name: 'Cooling', parent: null } })
    const { id: equipment } = await client.createAsset({ body: { level: 'equipment', name: 'P-101', parent: line.id } })
    const signal = async (name: string, kind: 'waveform' | 'number', unit: string) =>
      (await client.createSignal({ body: { name, kind, unit, equipment } })).id
    const signals = {
      vibration_waveform: await signal('vibration_waveform', 'waveform', 'm/s2'),
      speed: await signal('speed', 'number', '/min'),
    }
    const device = (await enrolDevice(platform, { name: 'Transmitter', equipment })).connect()
    return new HeardPump(platform, device, equipment, signals)
  }

  /**
   * Lets the plant run and sends what the pump shows. @returns what its other instruments show, at seconds of the plant
   */
  async run(recordings: number): Promise<{ at: number; rms: number; temperature: number }[]> {
    const shown: { at: number; rms: number; temperature: number }[] = []
    for (let n = 0; n < recordings; n++) {
      for (let step = 0; step < PACE / STEP; step++) this.plant.step()
      const at = Math.round(this.plant.time)
      const { speed, vibration_waveform, vibration_rms, bearing_temperature } = this.plant.machine('P-101').signals()
      const { sampleRate, samples } = vibration_waveform as Waveform
      const values = { speed: speed as number, vibration_waveform: { sampleRate, samples: [...samples] } }
      await this.#device.publish({ time: this.begin + at * SECOND, values })
      shown.push({ at, rms: vibration_rms as number, temperature: bearing_temperature as number })
    }
    return shown
  }

  /** Makes the service that listens to it, trains it and lets it score. @returns its id and what the training said */
  async listen(): Promise<{ id: string; summary: string }> {
    const { client } = this.#platform
    const body = { name: 'Pump vibration', kind: 'vibration', equipment: this.equipment, settings: { ...LISTENING } }
    const { id } = await client.createService({ body: { ...body, alarm: { priority: 'high' } } })
    await eventually(async () => {
      const { equipment } = this
      const { findings } = await client.checkReadiness({
        body: { kind: 'vibration', equipment, settings: body.settings },
      })
      return findings.some(({ code }) => code === 'recordings')
    }, PATIENCE)
    await client.trainService({ params: { id }, body: {} })
    const newest = async () => (await client.listServiceVersions({ params: { id }, query: { limit: 1 } })).items[0]
    await eventually(async () => ['ready', 'failed'].includes((await newest())?.state ?? ''), PATIENCE)
    const version = await newest()
    assert.equal(version?.state, 'ready', version?.failure ?? '')
    await client.publishService({ params: { id }, body: {} })
    await eventually(async () => (await client.getService({ params: { id } })).trouble === null, PATIENCE)
    return { id, summary: version.report?.summary ?? '' }
  }

  /** Until its service has raised an alarm. */
  async alarmed() {
    const alarms = async () => (await this.#platform.client.listAlarms({ query: { state: 'all' } })).items
    await eventually(async () => (await alarms()).length > 0, PATIENCE)
    return (await alarms())[0]!
  }

  close(): Promise<void> {
    return this.#device.close()
  }
}
