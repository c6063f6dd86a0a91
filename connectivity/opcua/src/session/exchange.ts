import type { Clock } from '@millwright/foundation'
import type { ClientSession, NodeId, OPCUAClient, Request, Response } from 'node-opcua-client'
import { within } from './within.ts'

/** The server answered with a status that is not Good. */
export class ServiceFailure extends Error {
  /** As `BadNoSubscription`. */
  readonly status: string
  constructor(service: string, status: string) {
    super(`${service}: ${status}`)
    this.name = 'ServiceFailure'
    this.status = status
  }
}

/** What the library's client has beneath its services: one request, one answer, no repairs of its own. */
interface Wire {
  performMessageTransaction(request: Request, callback: (error: Error | null, response?: Response) => void): void
}
interface Authenticated {
  readonly authenticationToken?: NodeId
}

export type Exchange = <R extends Response>(request: Request, timeout?: number) => Promise<R>

/**
 * Requests on a session, each with a limit of time. The library's own service methods assert on what a server answers
 * and make a new session behind the caller's back; here an answer is only an answer.
 */
export function exchangeOn(client: OPCUAClient, session: ClientSession, clock: Clock, timeout: number): Exchange {
  const wire = client as unknown as Wire
  const token = (session as unknown as Authenticated).authenticationToken
  return <R extends Response>(request: Request, limit = timeout) => {
    const name = request.schema.name.replace(/Request$/, '')
    if (token === undefined) return Promise.reject(new ServiceFailure(name, 'BadSessionClosed'))
    request.requestHeader.authenticationToken = token
    request.requestHeader.timeoutHint = limit
    const answer = new Promise<R>((resolve, reject) => {
      wire.performMessageTransaction(request, (error, response) => {
        if (error !== null && error !== undefined) {
          const status = statusIn(error)
          return reject(status === undefined ? error : new ServiceFailure(name, status))
        }
        const result = response?.responseHeader.serviceResult
        if (response === undefined || result === undefined)
          return reject(new ServiceFailure(name, 'BadUnknownResponse'))
        if (!result.isGoodish()) return reject(new ServiceFailure(name, result.name))
        // A server that answers with another service's response is not taken at its word.
        if (response.schema.name !== `${name}Response`) return reject(new ServiceFailure(name, 'BadUnknownResponse'))
        resolve(response as R)
      })
    })
    return within(clock, limit, name, answer)
  }
}

/** A service fault comes as an error that carries the response. */
function statusIn(error: Error): string | undefined {
  const response = (error as { response?: Response }).response
  return response?.responseHeader?.serviceResult?.name ?? /\bBad[A-Z]\w+/.exec(error.message)?.[0]
}
