import { linesErrors } from '../errors.ts'

/** An IPv4 address that came over an IPv6 socket is written as people know it. */
export const bareAddress = (address: string | undefined): string => (address ?? '').replace(/^::ffff:(?=\d+\.)/, '')

export function listenProblem(host: string, port: number, cause: NodeJS.ErrnoException): Error {
  if (cause.code === 'EADDRINUSE') return linesErrors.portInUse({ port, cause })
  const what =
    cause.code === 'EACCES'
      ? 'ports below 1024 need the right to use them'
      : cause.code === 'EADDRNOTAVAIL'
        ? 'this machine has no such address'
        : (cause.code ?? cause.message)
  return linesErrors.notListening({ host, port, what, cause })
}
