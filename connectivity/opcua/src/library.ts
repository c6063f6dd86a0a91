import type { Log } from '@millwright/foundation'

/** node-opcua-client. About 50 MB: loaded by the first connection that starts, never by the door. */
export type Library = typeof import('node-opcua-client')

let loading: Promise<Library> | undefined

/** Loads the library; what it would print goes to the log of whoever came first. */
export function loadLibrary(log: Log): Promise<Library> {
  loading ??= import('node-opcua-client').then((library) => {
    // Its warnings name peers' mistakes in many lines; what matters of them is said by statuses.
    const quiet = (...parts: unknown[]) =>
      log.debug({ library: 'node-opcua' }, parts.map(String).join(' ').slice(0, 500))
    library.setErrorLogger(quiet)
    library.setWarningLogger(quiet)
    library.setDebugLogger(quiet)
    return library
  })
  return loading
}
