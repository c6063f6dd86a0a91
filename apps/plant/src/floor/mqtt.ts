import type { TelemetryMessage } from '@millwright/sdk/device'
import { Broker } from './broker.ts'
import type { Listening, Speaker, SpeakerOptions } from './speaker.ts'

/** A broker that knows nothing of Millwright: machines publish JSON of their maker's own making on `works/<machine>`. */
export class MqttSpeaker implements Speaker {
  readonly #options: SpeakerOptions
  #broker: Broker | undefined

  constructor(options: SpeakerOptions) {
    this.#options = options
  }

  async start(): Promise<Listening> {
    this.#broker = await Broker.start(this.#options.port)
    return { port: this.#broker.port }
  }

  show(machine: string, messages: readonly TelemetryMessage[]): void {
    for (const { time, values } of messages) {
      this.#broker?.publish(`works/${machine}`, JSON.stringify({ stamp: time, readings: values }))
    }
  }

  async stop(): Promise<void> {
    await this.#broker?.stop()
  }
}
