import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { kindOf, type MetricRows } from '@millwright/connectivity'
import { readEnvelope } from '../payload/envelope.ts'
import { MetricDecoder } from './decoder.ts'
import { DeviceState } from './device-state.ts'

const CASES = new URL('../../testcases/', import.meta.url)
const RECEIVED = Date.UTC(2026, 0, 1, 0, 0, 1) * 1000

function shown(rows: MetricRows) {
  return Array.from({ length: rows.length }, (_, row) => {
    const kind = kindOf(rows.kind[row]!) ?? 'none'
    const wide = rows.wide[row]
    const value =
      wide === undefined
        ? rows.value[row]
        : wide.kind === 'waveform'
          ? [wide.sampleRate, ...wide.samples]
          : wide.kind === 'position'
            ? null
            : wide.value
    const late = rows.time[row] === RECEIVED - 1_000_000 ? [] : [rows.time[row]]
    return [rows.name[row], kind, kind === 'none' ? null : value, rows.quality[row], rows.unit[row] ?? null, ...late]
  })
}

describe('payloads written by others', () => {
  for (const name of readdirSync(CASES).filter((file) => file.endsWith('.hex'))) {
    it(name, () => {
      const bytes = Buffer.from(readFileSync(new URL(name, CASES), 'utf8').replaceAll('\n', ''), 'hex')
      const refused: string[] = []
      const decoder = new MetricDecoder({
        templatesAs: 'members',
        storeTransient: false,
        refuse: (_bytes, _device, error) => refused.push(`${error.code} ${error.path}`.slice(0, 60)),
      })
      const envelope = readEnvelope(bytes)
      decoder.birth(envelope, new DeviceState('d', 'g/d'), new Map(), RECEIVED)
      const found = { sequence: envelope.sequence, bdSeq: decoder.bdSeq ?? null, rows: shown(decoder.rows), refused }
      const expected = new URL(name.replace('.hex', '.json'), CASES)
      if (process.env['WRITE_TESTCASES'] === '1') writeFileSync(expected, `${JSON.stringify(found, null, 1)}\n`)
      assert.deepEqual(JSON.parse(JSON.stringify(found)), JSON.parse(readFileSync(expected, 'utf8')))
    })
  }
})
