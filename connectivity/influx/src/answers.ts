import type { Answer } from './receiver/index.ts'

const VERSION = { 'x-influxdb-version': '2.7.0-millwright', 'x-influxdb-build': 'OSS' }
const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { ...VERSION, 'content-type': 'application/json; charset=utf-8' },
  body: `${JSON.stringify(body)}\n`,
})
const CODES: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'unauthorized',
  404: 'not found',
  405: 'method not allowed',
  413: 'request too large',
  415: 'invalid',
  503: 'unavailable',
}

export const noContent: Answer = { status: 204, headers: VERSION }
/** Both versions' clients find their field: `error` (1.x), `code` and `message` (2.x). */
export const problem = (status: number, text: string): Answer =>
  json(status, { code: CODES[status] ?? 'internal error', message: text, error: text })
export const health = (): Answer =>
  json(200, {
    name: 'influxdb',
    message: 'ready for queries and writes',
    status: 'pass',
    checks: [],
    version: VERSION['x-influxdb-version'],
  })
/** Telegraf makes its database before it writes: there is nothing to make. */
export const emptyResult = (): Answer => json(200, { results: [{ statement_id: 0 }] })
