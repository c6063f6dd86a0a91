/**
 * ThingsBoard's device and gateway API, without its topics: MQTT and HTTP adapters map theirs on this. Every promise
 * that takes a payload follows `Intake.accept`: rejected with a refusal, its dead letter is durable already.
 */
import type { DeliverableCommand } from '../commands/model.ts'
import type { DeviceSession } from '../sessions/model.ts'

export interface ThingsBoard {
  /** `v1/devices/me/telemetry`: `{k: v}`, `{ts, values}`, or an array of these. */
  telemetry(session: DeviceSession, payload: Uint8Array, source: string): Promise<void>
  /** `v1/devices/me/attributes` from the device: client attributes -> the twin's reported state. */
  attributes(session: DeviceSession, payload: Uint8Array, source: string): Promise<void>
  /**
   * `v1/devices/me/attributes/request/<id>`: `{ clientKeys?: "a,b", sharedKeys?: "c" }` (none: all) -> the response's
   * payload `{ client: {...}, shared: {...} }`. Client attributes are the reported state, shared ones the desired.
   */
  attributesRequest(session: DeviceSession, payload: Uint8Array, source: string): Promise<Uint8Array>
  /** Shared attributes changed: `send` gets the payload for `v1/devices/me/attributes`. Ends with the session. */
  watchShared(session: DeviceSession, send: (payload: Uint8Array) => void): void
  /** Payload of `v1/devices/me/rpc/request/<command.number>`: `{ method, params }`. */
  rpcRequest(command: DeliverableCommand): Uint8Array
  /** `v1/devices/me/rpc/response/<number>` from the device: its payload is the command's result. */
  rpcResponse(session: DeviceSession, number: number, payload: Uint8Array, source: string): Promise<void>
  /** The device called an RPC on the server: nothing is run; the answer says so. */
  clientRpcRefusal(): Uint8Array
  /**
   * What a gateway says for the devices behind it. One link per gateway session; it ends with the session and takes its
   * children offline. @throws when the session's device is not a gateway
   * @param send puts a payload on `v1/gateway/attributes` or `v1/gateway/rpc`
   */
  gateway(
    session: DeviceSession,
    send: (channel: 'attributes' | 'rpc', payload: Uint8Array) => Promise<void>,
  ): GatewayLink
}

export interface GatewayLink {
  /** `v1/gateway/connect`: `{ device: "name" }`. */
  connect(payload: Uint8Array, source: string): Promise<void>
  /** `v1/gateway/disconnect`: `{ device: "name" }`. */
  disconnect(payload: Uint8Array, source: string): Promise<void>
  /** `v1/gateway/telemetry`: `{ "name": [ {ts, values} | {k: v}... ] }`. */
  telemetry(payload: Uint8Array, source: string): Promise<void>
  /** `v1/gateway/attributes`: `{ "name": {k: v} }`. */
  attributes(payload: Uint8Array, source: string): Promise<void>
  /** `v1/gateway/rpc` from the gateway: `{ device, id, data }`, the answer of a device behind it. */
  rpc(payload: Uint8Array, source: string): Promise<void>
}
