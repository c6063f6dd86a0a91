import { STATUS_CODES } from 'node:http'
import { BOUNDS, connectivityErrors } from '@millwright/connectivity'
import { MillwrightError, SECOND } from '@millwright/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { RETRY_AFTER } from './config.ts'

/** Fastify's own refusals of a body, as ours. */
export function knownError(error: unknown): MillwrightError | undefined {
  if (error instanceof MillwrightError) return error
  const { code } = error as { code?: string }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const limit = BOUNDS.payloadBytes
    return connectivityErrors.payloadTooLarge({ path: '/', size: `more than ${limit}`, limit })
  }
  return undefined
}

/** Answers with problem+json (RFC 9457). What is not known is logged, and not told to the device. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = knownError(error)
  if (known === undefined) request.log.error({ err: error }, 'a device request failed')
  const status = known?.status ?? (error as { statusCode?: number }).statusCode ?? 500
  const code = known?.code ?? (status >= 500 ? 'MW-HTTP-0001' : 'MW-HTTP-0002')
  const detail =
    known?.message ??
    (status >= 500 ? 'The platform failed. Send the request again in a moment.' : 'The request is not understood.')
  if (status === 429 || status === 503) reply.header('retry-after', RETRY_AFTER / SECOND)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(status)
    .type('application/problem+json')
    .send({
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      code,
      detail,
      ...(known?.path === undefined ? {} : { path: known.path }),
      requestId: request.id,
    })
}
