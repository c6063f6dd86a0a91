import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import type { WideValue } from '../batch.ts'
import { createDecoders } from './codecs.ts'
import { MetricRows, ROW } from './rows.ts'

/** 2026-01-01T00:00:00Z: when all test cases were received. */
const RECEIVED = 1_767_225_600_000_000
const KINDS = Object.keys(ROW)
const decoders = createDecoders()

/**
 * Real bytes: each payload stands beside the rows it must give, `[name, kind, time, value, quality, unit?]`; those in
 * `refused/` begin with the number of the error they must give.
 */
const folders = [
  ['millwright+json', 'millwright/testcases/'],
  ['senml+json', 'senml/testcases/'],
  ['senml+cbor', 'senml/testcases-cbor/'],
  ['thingsboard+json', 'thingsboard/testcases/'],
] as const

for (const [format, path] of folders) {
  const folder = new URL(path, import.meta.url)
  const payloads = readdirSync(folder).filter((name) => /\.(json|cbor)$/.test(name) && !name.endsWith('.rows.json'))
  describe(`${format} testcases`, () => {
    for (const name of payloads) {
      it(`reads ${name}`, () => {
        const rows = new MetricRows()
        decoders[format](readFileSync(new URL(name, folder)), RECEIVED, rows)
        const expected = readFileSync(new URL(name.replace(/\.\w+$/, '.rows.json'), folder), 'utf8')
        assert.deepEqual(shown(rows), JSON.parse(expected))
      })
    }
    const refused = new URL('refused/', folder)
    for (const name of readdirSync(refused)) {
      it(`refuses ${name}`, () => {
        const payload = readFileSync(new URL(name, refused))
        assert.throws(
          () => decoders[format](payload, RECEIVED, new MetricRows()),
          (error) => {
            assert.ok(error instanceof MillwrightError, String(error))
            assert.equal(error.code, `MW-CONN-${name.slice(0, 4)}`, error.message)
            assert.ok(error.path?.startsWith('/'), `it says where: ${error.path}`)
            return true
          },
        )
      })
    }
  })
}

function shown(rows: MetricRows): unknown[] {
  return Array.from({ length: rows.length }, (_, row) => {
    const value = rows.value[row]!
    const wide = rows.kind[row] === ROW.number ? undefined : rows.wide[row]
    const cell = wide !== undefined ? plain(wide) : Number.isNaN(value) ? 'NaN' : Object.is(value, -0) ? '-0' : value
    const line = [rows.name[row], KINDS[rows.kind[row]!], rows.time[row], cell, rows.quality[row]]
    return rows.hasUnits && rows.unit[row] !== undefined ? [...line, rows.unit[row]] : line
  })
}

const plain = (value: WideValue): unknown =>
  JSON.parse(JSON.stringify(value.kind === 'waveform' ? { ...value, samples: [...value.samples] } : value))
