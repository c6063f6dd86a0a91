/** MQTT packets by hand, for what no client library would send. */
export const text = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

export function packet(first: number, ...parts: (Buffer | number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const length: number[] = []
  let rest = body.length
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    length.push(rest > 0 ? low | 128 : low)
  } while (rest > 0)
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

export interface ConnectOptions {
  readonly clean?: boolean
  readonly keepAlive?: number
  readonly name?: string
  readonly version?: number
}

export const connectPacket = (clientId: string, options: ConnectOptions = {}): Buffer =>
  packet(
    0x10,
    text(options.name ?? 'MQTT'),
    [
      options.version ?? 4,
      options.clean === false ? 0 : 2,
      (options.keepAlive ?? 0) >> 8,
      (options.keepAlive ?? 0) & 255,
    ],
    text(clientId),
  )

export const publishPacket = (topic: string | Buffer, payload: string | Buffer, qos: 0 | 1 | 2, id = 1): Buffer =>
  packet(0x30 | (qos << 1), text(topic), qos === 0 ? [] : [id >> 8, id & 255], Buffer.from(payload))

export const subscribePacket = (id: number, ...filters: [string, number][]): Buffer =>
  packet(0x82, [id >> 8, id & 255], ...filters.flatMap(([topic, qos]) => [text(topic), [qos]]))
