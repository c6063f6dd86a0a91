import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** SCPI's answer for "there is no number" (SCPI-99 vol. 1, 7.2.1.5). */
const NO_NUMBER = '9.91E+37'
const LONGEST_LINE = 1_024
/** Errors an instrument keeps; then the last one becomes "queue overflow" (SCPI-99 vol. 2, 21.8.1). */
const MOST_ERRORS = 20
const MEASURED: Readonly<Record<string, string>> = {
  'MEAS:VOLT?': 'voltage',
  'MEAS:CURR?': 'current',
  'MEAS:POW?': 'power',
  'MEAS:PFAC?': 'power_factor',
  'MEAS:FREQ?': 'frequency',
}

export const IDENTITY = 'Millwright,Simulated power analyser,TB-1-PA,1.0'

/** A power analyser: SCPI-99 over a raw socket, one line a command. It shows what was measured last. */
export class Instrument {
  readonly #values = new Map<string, number>()
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((socket) => this.#serve(socket))

  /** Errors: EADDRINUSE. @returns the port it has */
  async start(port: number): Promise<number> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  show(values: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(values)) if (typeof value === 'number') this.#values.set(name, value)
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    const errors: string[] = []
    let rest = ''
    socket.on('data', (bytes) => {
      const lines = (rest + bytes.toString('latin1')).split('\n')
      rest = lines.pop()!
      if (rest.length > LONGEST_LINE) socket.destroy()
      for (const line of lines) {
        const answer = this.#answer(line.trim().toUpperCase(), errors)
        if (answer !== undefined) socket.write(`${answer}\n`)
      }
    })
  }

  #answer(command: string, errors: string[]): string | undefined {
    const measured = MEASURED[command]
    if (measured !== undefined) return this.#values.get(measured)?.toExponential(6) ?? NO_NUMBER
    if (command === '*IDN?') return IDENTITY
    if (command === 'SYST:ERR?') return errors.shift() ?? '0,"No error"'
    if (command === '*CLS') errors.length = 0
    else if (command !== '') {
      if (errors.length < MOST_ERRORS) errors.push('-113,"Undefined header"')
      else errors[MOST_ERRORS - 1] = '-350,"Queue overflow"'
    }
    return undefined
  }
}
