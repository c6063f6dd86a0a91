/** A Modbus TCP device by modbus-serial, which we did not write. */
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { freePort } from '@millwright/foundation/testing'

const { ServerTCP } = createRequire(import.meta.url)('modbus-serial') as {
  ServerTCP: new (
    vector: object,
    options: object,
  ) => NodeJS.EventEmitter & { close(done: () => void): void; socks: Map<{ destroy(): void }, 0> }
}

export interface ModbusDevice {
  readonly port: number
  /** What its holding registers hold; it may be changed while it runs. */
  readonly registers: number[]
  /** Ends every connection and takes no more, as when its power goes. */
  close(): Promise<void>
}

/** @param at a port it had before */
export async function startModbusDevice(registers: number[], at?: number): Promise<ModbusDevice> {
  const port = at ?? (await freePort())
  const server = new ServerTCP(
    { getHoldingRegister: (address: number) => registers[address] ?? 0 },
    { host: '127.0.0.1', port, unitID: 1 },
  )
  await once(server, 'initialized')
  return {
    port,
    registers,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        for (const socket of server.socks.keys()) socket.destroy()
      }),
  }
}
