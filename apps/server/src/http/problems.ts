import { errorCatalogue, MillwrightError } from '@millwright/foundation'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

export const apiErrors = errorCatalogue('API', {
  internal: {
    number: 0,
    status: 500,
    text: 'Something went wrong inside the platform; it is in the log as request {requestId}.',
  },
  invalid: { number: 1, status: 400, text: '{what}' },
  tooLarge: { number: 2, status: 413, text: 'The body is larger than the {limit} bytes that may come here.' },
  notJson: { number: 3, status: 400, text: 'The body is not valid JSON: {reason}' },
  mediaType: {
    number: 4,
    status: 415,
    text: 'Bodies of type "{type}" are not understood here; send application/json.',
  },
  noRoute: {
    number: 5,
    status: 404,
    text: 'There is nothing at {method} {path}; GET /api/v1/openapi.json lists what there is.',
  },
  plainText: {
    number: 6,
    status: 403,
    text: 'Plain HTTP is answered on this machine only; use https:// on the same port.',
  },
  ifMatch: { number: 7, status: 400, text: 'If-Match must hold the version of the thing, as "3"; it holds {value}.' },
  foreignOrigin: { number: 8, status: 403, text: 'A page of {origin} may not open a live connection here.' },
  proxyAddress: {
    number: 9,
    status: 400,
    text: '--trusted-proxies holds "{given}", which is neither an address nor a network; write 10.0.0.5 or 10.0.0.0/8.',
  },
})

/** What a validation fault of ajv says to a person. */
interface Fault {
  readonly keyword: string
  readonly instancePath: string
  readonly params: Record<string, unknown>
  readonly message?: string
}

function sentence(fault: Fault, part: string): { what: string; path: string } {
  const path = `${part}${fault.instancePath}`
  switch (fault.keyword) {
    case 'additionalProperties':
      return {
        what: `There is no field "${String(fault.params['additionalProperty']).slice(0, 100)}" in ${path}; take it out or mend its name.`,
        path,
      }
    case 'required':
      return { what: `The field "${String(fault.params['missingProperty'])}" is missing in ${path}.`, path }
    case 'enum':
      return { what: `${path} must be one of ${(fault.params['allowedValues'] as unknown[]).join(', ')}.`, path }
    default:
      return { what: `${path} ${fault.message ?? 'is not valid'}.`, path }
  }
}

/** The platform's error for whatever a request ran into. */
function toProblem(error: FastifyError | MillwrightError, request: FastifyRequest): MillwrightError {
  if (error instanceof MillwrightError) return error
  if (error.validation !== undefined) {
    const fault = error.validation[0] as Fault
    return apiErrors.invalid(sentence(fault, error.validationContext ?? 'body'))
  }
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return apiErrors.tooLarge({ limit: request.routeOptions.bodyLimit })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return apiErrors.mediaType({ type: request.headers['content-type'] ?? '' })
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return apiErrors.notJson({ reason: error.message })
  }
  if (error.statusCode === 400) return apiErrors.notJson({ reason: error.message })
  return apiErrors.internal({ requestId: request.id, cause: error })
}

/** Answers every error as problem+json (RFC 9457). */
export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(error, request)
    if (problem.status >= 500)
      request.log.error({ err: problem.details.cause ?? error, code: problem.code }, 'request failed')
    return answerProblem(reply, problem, request.id)
  })
  app.setNotFoundHandler((request, reply) =>
    answerProblem(reply, apiErrors.noRoute({ method: request.method, path: request.url.split('?')[0]! }), request.id),
  )
}

export function answerProblem(reply: FastifyReply, problem: MillwrightError, requestId: string): FastifyReply {
  const retryAfter = problem.details['retryAfter']
  if (typeof retryAfter === 'number') reply.header('retry-after', String(Math.ceil(retryAfter)))
  return reply
    .status(problem.status)
    .type('application/problem+json')
    .send({
      type: `https://millwright.dev/errors/${problem.code}`,
      title: titles[problem.status] ?? 'Error',
      status: problem.status,
      code: problem.code,
      detail: problem.message,
      ...(problem.path === undefined ? {} : { path: problem.path }),
      requestId,
    })
}

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Not understood',
  422: 'Not possible',
  429: 'Too many',
  500: 'Internal error',
  503: 'Not available',
}
