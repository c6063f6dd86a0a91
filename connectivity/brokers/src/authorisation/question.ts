import { isObject, readJson } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const BODY = 64 * 1024

/** The fields of a broker's question: of its JSON or form body, or of the query where it asks by GET. */
export type Question = Readonly<Record<string, string>>

/** Brokers send JSON or forms, some with another content type, or none. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY }, (_request, body, done) => done(null, body))
}

/** What cannot be read has no fields: it is denied for what it lacks. */
export function questionOf(request: FastifyRequest): Question {
  const { body } = request
  if (!Buffer.isBuffer(body) || body.length === 0) return texts(request.query as Readonly<Record<string, unknown>>)
  if (body[0] !== 0x7b) return Object.fromEntries(new URLSearchParams(body.toString('utf8')))
  try {
    const value = readJson(body)
    return isObject(value) ? texts(value) : {}
  } catch (error) {
    if (error instanceof MillwrightError) return {}
    throw error
  }
}

function texts(fields: Readonly<Record<string, unknown>>): Question {
  const kept = Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string') return [[name, value]]
    return typeof value === 'number' || typeof value === 'boolean' ? [[name, String(value)]] : []
  })
  return Object.fromEntries(kept)
}
