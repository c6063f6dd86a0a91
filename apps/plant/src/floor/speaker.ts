import type { TelemetryMessage } from '@millwright/sdk/device'
import type { Configuration } from '../core/machine.ts'

/**
 * What the plant's controllers speak, beside MQTT with certificates to the platform itself: a protocol each, a test bench
 * with all that benches have, and the watchers of computers.
 */
export const FLOOR_PROTOCOLS = ['opcua', 'modbus', 'sparkplug', 'mqtt', 'lines', 'bench', 'hosts'] as const
export type FloorProtocol = (typeof FLOOR_PROTOCOLS)[number]

/** A machine as its controller shows it: the name of its model says which signals there are. */
export interface ShownMachine {
  readonly name: string
  readonly model: string
  /** What may be set, with what is set now. */
  readonly settings: Readonly<Record<string, number | boolean | string>>
}

export interface SpeakerOptions {
  readonly machines: readonly ShownMachine[]
  /** On the loopback interface; 0: any that is free. */
  readonly port: number
  /** For keys and the like. */
  readonly directory: string
  /** Sets settings of a machine; resolves with what is in force then, with `refused` where it did not fit. */
  configure(machine: string, wanted: Configuration): Promise<Configuration>
}

/** Where connections listen that are written to. */
export interface Receivers {
  readonly influx: number
  /** 0: none. */
  readonly influxUdp: number
  readonly prometheus: number
}

/** Where a controller listens, and the certificate it shows (PEM), where its protocol has one. */
export interface Listening {
  readonly port: number
  readonly certificate?: string
  /** Where it drops files. */
  readonly folder?: string
  /** Ports that are free, for connections it wants to write to. */
  readonly receivers?: Receivers
}

/** A controller that shows machines in one protocol. */
export interface Speaker {
  /** Errors: EADDRINUSE, when the port is another's. */
  start(): Promise<Listening>
  /** What a machine's instruments show now. */
  show(machine: string, messages: readonly TelemetryMessage[]): void
  /** Where to write to, for one that does. */
  sendTo?(receivers: Receivers): void
  stop(): Promise<void>
}
