import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { BOUNDS, connectivityErrors, type TelemetryFormat } from '@millwright/connectivity'

const inflate = promisify(gunzip)

const FORMATS: ReadonlyMap<string, TelemetryFormat> = new Map([
  ['application/json', 'millwright+json'],
  ['application/senml+json', 'senml+json'],
  ['application/senml+cbor', 'senml+cbor'],
  ['application/cbor', 'senml+cbor'],
])

/** The payload format that a request's content type names. @throws 415 */
export function formatOf(contentType: string | undefined): TelemetryFormat {
  const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase()
  const format = FORMATS.get(type)
  if (format === undefined) {
    throw connectivityErrors.unsupportedMediaType({
      path: 'content-type',
      type,
      expected: [...FORMATS.keys()].join(', '),
    })
  }
  return format
}

/**
 * The body as it was before compression. Inflating stops at the bound, so that a small body that unfolds to gigabytes
 * costs what one large message costs. @throws 413, 415, or 400 when it is not gzip
 */
export async function plainBody(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  const coding = encoding?.trim().toLowerCase() ?? 'identity'
  if (coding === 'identity' || coding === '') return body
  if (coding !== 'gzip' && coding !== 'x-gzip') {
    throw connectivityErrors.unsupportedEncoding({ path: 'content-encoding', encoding: coding })
  }
  try {
    return await inflate(body, { maxOutputLength: BOUNDS.payloadBytes })
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      const limit = BOUNDS.payloadBytes
      throw connectivityErrors.payloadTooLarge({ path: '/', size: `more than ${limit}`, limit })
    }
    throw connectivityErrors.invalidCompression({ path: '/', cause })
  }
}
