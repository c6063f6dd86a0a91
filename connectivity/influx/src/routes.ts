import { isRefusal } from '@millwright/connectivity'
import { emptyResult, health, noContent, problem } from './answers.ts'
import { precisionOf } from './protocol/precision.ts'
import { type Answer, type Push, problemText } from './receiver/index.ts'
import type { LineStore } from './store.ts'

/** Paths that need no credentials, as in InfluxDB. */
export const OPEN_PATHS: ReadonlySet<string> = new Set(['/ping', '/health'])

/** InfluxDB's write API, 1.x and 2.x. 204 comes after all readings are durable. */
export async function answer(push: Push, store: LineStore): Promise<Answer> {
  switch (push.path) {
    case '/write':
      return write(push, store, push.query.get('db'))
    case '/api/v2/write':
      return write(push, store, [push.query.get('org'), push.query.get('bucket')].filter(Boolean).join('/'))
    case '/ping':
      return noContent
    case '/health':
      return health()
    case '/query':
      return query(push)
    default:
      return problem(404, `there is nothing at ${push.path.slice(0, 100)}`)
  }
}

async function write({ method, path, query, body }: Push, store: LineStore, database: string | null): Promise<Answer> {
  if (method !== 'POST') return problem(405, 'write with POST')
  try {
    const { rejected, reason } = await store.take(
      body,
      precisionOf(query.get('precision')),
      `${path.slice(1)}${database ? `:${database.slice(0, 200)}` : ''}`,
    )
    return rejected === 0 ? noContent : problem(400, `partial write: ${reason}`)
  } catch (error) {
    return isRefusal(error)
      ? problem(400, error.message)
      : problem(503, `not stored, send it again: ${problemText(error)}`)
  }
}

/** Nothing can be asked here; the one statement that senders begin with is answered. */
function query({ query: parameters, body }: Push): Answer {
  const statement = parameters.get('q') ?? new URLSearchParams(body.subarray(0, 4096).toString()).get('q') ?? ''
  return /^\s*create\s+database\b/i.test(statement)
    ? emptyResult()
    : problem(400, 'only writing is possible here; ask Millwright for what was written')
}
