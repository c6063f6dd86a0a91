import { isRefusal } from '@millwright/connectivity'
import { type Answer, type Push, problemText } from '@millwright/connectivity-influx/receiver'
import type { Version } from './protocol/write-request.ts'
import type { SampleStore, Stored } from './store.ts'

const WRITE = '/api/v1/write'
const V2 = 'io.prometheus.write.v2.Request'

export const problem = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${text}\n`,
})

/**
 * Remote write: 204 when all is durable; 4xx must not be repeated, 5xx is repeated by the sender with growing waits.
 */
export async function answer({ method, path, headers, body }: Push, store: SampleStore): Promise<Answer> {
  if (path !== WRITE) return problem(404, `write to ${WRITE}`)
  if (method !== 'POST') return problem(405, 'write with POST')
  const version = versionOf(String(headers['content-type'] ?? ''))
  if (version === undefined)
    return problem(415, 'send application/x-protobuf: WriteRequest or io.prometheus.write.v2.Request')
  const encoding = headers['content-encoding']
  if (encoding !== 'snappy') return problem(415, 'send Snappy-compressed requests (Content-Encoding: snappy)')
  try {
    const stored = await store.take(body, version, 'write')
    const counted = version === '2.0' ? written(stored) : {}
    return stored.rejected === 0
      ? { status: 204, headers: counted }
      : { ...problem(400, stored.reason ?? ''), headers: { 'content-type': 'text/plain; charset=utf-8', ...counted } }
  } catch (error) {
    return isRefusal(error)
      ? problem(400, error.message)
      : problem(503, `not stored, send it again: ${problemText(error)}`)
  }
}

function versionOf(contentType: string): Version | undefined {
  const [type, ...parameters] = contentType.split(';').map((part) => part.trim())
  if (type !== 'application/x-protobuf') return undefined
  const proto = parameters.find((parameter) => parameter.startsWith('proto='))?.slice('proto='.length)
  if (proto === undefined || proto === 'prometheus.WriteRequest') return '1.0'
  return proto === V2 ? '2.0' : undefined
}

/** 2.0 asks for what was really written. */
const written = ({ samples }: Stored): Record<string, string> => ({
  'x-prometheus-remote-write-samples-written': String(samples),
  'x-prometheus-remote-write-histograms-written': '0',
  'x-prometheus-remote-write-exemplars-written': '0',
})
