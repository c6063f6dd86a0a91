import { errorCatalogue } from '@millwright/foundation'
import { type Static, Type } from 'typebox'

/** What can be wrong with a serial port. Numbers are never reused. */
export const serialErrors = errorCatalogue('SERIAL', {
  unavailable: { number: 1, status: 502, text: 'The serial port {path} cannot be opened: {what}.' },
  lost: { number: 2, status: 502, text: 'The serial port {path} was lost: {what}.' },
})

/** The fields of a serial port in a connection's configuration. */
export const serialFields = {
  path: Type.String({
    title: 'Serial port',
    description: 'As /dev/ttyUSB0 or COM3; /dev/serial/by-id/… stays the same when cables are plugged anew',
    minLength: 1,
    maxLength: 500,
  }),
  baudRate: Type.Optional(
    Type.Integer({
      title: 'Baud rate',
      description: 'Bits a second',
      minimum: 110,
      maximum: 4_000_000,
      default: 19_200,
    }),
  ),
  dataBits: Type.Optional(
    Type.Unsafe<7 | 8>({ type: 'integer', enum: [7, 8], default: 8, title: 'Data bits', description: 'Mostly 8' }),
  ),
  parity: Type.Optional(
    Type.Unsafe<'none' | 'even' | 'odd'>({
      type: 'string',
      enum: ['none', 'even', 'odd'],
      title: 'Parity',
      description: 'As the device is set',
    }),
  ),
  stopBits: Type.Optional(
    Type.Unsafe<1 | 2>({
      type: 'integer',
      enum: [1, 2],
      default: 1,
      title: 'Stop bits',
      description: 'As the device is set',
    }),
  ),
}
const Serial = Type.Object(serialFields)
export type SerialSettings = Static<typeof Serial>

export interface SerialEvents {
  data(bytes: Buffer): void
  /** Once, and not after `close()`: the port went away. */
  lost(error: Error): void
}

/** An open serial port. */
export interface SerialLine {
  write(bytes: Uint8Array): void
  pause(): void
  resume(): void
  /** Resolves when it is free for others. */
  close(): Promise<void>
}

/**
 * Opens a serial port for us alone (19,200 baud, 8 data bits, no parity and 1 stop bit unless said otherwise). The driver is
 * loaded with the first port. Rejects with a MillwrightError of `serialErrors`.
 */
export async function openSerial(settings: SerialSettings, events: SerialEvents): Promise<SerialLine> {
  const { SerialPort } = await import('serialport')
  const { path } = settings
  const port = new SerialPort({
    path,
    baudRate: settings.baudRate ?? 19_200,
    dataBits: settings.dataBits ?? 8,
    parity: settings.parity ?? 'none',
    stopBits: settings.stopBits ?? 1,
    autoOpen: false,
  })
  await new Promise<void>((resolve, reject) =>
    port.open((cause) => {
      if (cause) reject(serialErrors.unavailable({ path, what: portProblem(cause.message), cause }))
      else resolve()
    }),
  )
  let told = false
  const lost = (what: string) => {
    if (told) return
    told = true
    events.lost(serialErrors.lost({ path, what }))
  }
  port.on('data', (bytes: Buffer) => events.data(bytes))
  port.on('error', (cause) => lost(cause.message))
  port.on('close', () => lost('was the adapter unplugged?'))
  return {
    write: (bytes) => {
      port.write(Buffer.from(bytes))
    },
    pause: () => {
      port.pause()
    },
    resume: () => {
      port.resume()
    },
    close: () => {
      told = true
      return new Promise((resolve) => {
        if (port.isOpen) port.close(() => resolve())
        else resolve()
      })
    },
  }
}

/** What the operating system says, for people. */
function portProblem(message: string): string {
  if (/no such file|not found/i.test(message)) return 'there is no such port: is the adapter plugged in?'
  if (/permission|access denied/i.test(message)) return 'permission denied: the user needs the group "dialout"'
  if (/lock|busy|temporarily unavailable/i.test(message)) return 'another program uses it'
  return message.replace(/^Error:? */, '')
}
