/** Servers that we did not write. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { freePort } from '@millwright/foundation/testing'

const { ServerTCP } = createRequire(import.meta.url)('modbus-serial') as {
  ServerTCP: new (
    vector: object,
    options: object,
  ) => NodeJS.EventEmitter & {
    close(done: () => void): void
    socks: Map<{ destroy(): void }, 0>
  }
}

/** What the devices hold. */
export interface Memory {
  readonly holding: Uint16Array
  readonly input: Uint16Array
  readonly coils: boolean[]
  /** Holding registers from here on do not exist. */
  end: number
}

export interface SerialServer {
  readonly port: number
  readonly memory: Memory
  /** Reads: unit, address and count of each. */
  readonly asked: { unit: number; address: number; count: number }[]
  close(): Promise<void>
}

const illegalAddress = () => Object.assign(new Error('illegal address'), { modbusErrorCode: 2 })

/** `ServerTCP` of modbus-serial over a memory. */
export async function startSerialServer(at?: number): Promise<SerialServer> {
  // It takes port 0 for 502.
  const port = at ?? (await freePort())
  const memory: Memory = { holding: new Uint16Array(65_536), input: new Uint16Array(65_536), coils: [], end: 65_536 }
  const asked: SerialServer['asked'] = []
  const within = (address: number, count = 1) => {
    if (address + count > memory.end) throw illegalAddress()
  }
  const vector = {
    getCoil: (address: number) => memory.coils[address] ?? false,
    getDiscreteInput: (address: number) => address % 2 === 1,
    getInputRegister: (address: number) => memory.input[address]!,
    getMultipleHoldingRegisters: (address: number, count: number, unit: number) => {
      asked.push({ unit, address, count })
      within(address, count)
      return [...memory.holding.subarray(address, address + count)]
    },
    getHoldingRegister: (address: number, unit: number) => {
      asked.push({ unit, address, count: 1 })
      within(address)
      return memory.holding[address]!
    },
    setCoil: (address: number, value: boolean) => {
      memory.coils[address] = value
    },
    setRegister: (address: number, value: number) => {
      within(address)
      memory.holding[address] = value
    },
  }
  const server = new ServerTCP(vector, { host: '127.0.0.1', port, unitID: 255 })
  await once(server, 'initialized')
  return {
    port,
    memory,
    asked,
    close: () => {
      for (const socket of server.socks.keys()) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** A program that has said its word on stdout; killed by `stop`. */
export interface Program {
  readonly child: ChildProcess
  output(): string
  stop(): Promise<void>
}

export async function startProgram(command: string, args: readonly string[], ready: RegExp): Promise<Program> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  await new Promise<void>((resolve, reject) => {
    const heard = (bytes: Buffer) => {
      output += bytes.toString()
      if (ready.test(output)) resolve()
    }
    child.stdout.on('data', heard)
    child.stderr.on('data', heard)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${output}`)))
  })
  return {
    child,
    output: () => output,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
