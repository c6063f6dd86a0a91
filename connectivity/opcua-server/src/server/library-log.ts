import { stripVTControlCharacters } from 'node:util'
import type { Log } from '@millwright/foundation'
import { setErrorLogger, setWarningLogger } from 'node-opcua-debug'

/** The library writes to the console by itself: its words go into the platform's log instead. */
export function speakThrough(log: Log): void {
  const words = (parts: unknown[]): string => stripVTControlCharacters(parts.map(String).join(' ')).slice(0, 1000)
  setWarningLogger((...parts: unknown[]) => log.debug({ opcua: words(parts) }, 'OPC UA library'))
  setErrorLogger((...parts: unknown[]) => log.info({ opcua: words(parts) }, 'OPC UA library'))
}
