import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { MetricRows, QUALITY, ROW } from '@millwright/connectivity'
import { MillwrightError, parseTime } from '@millwright/foundation'
import fc from 'fast-check'
import type { LinesConfig, Pattern } from '../config.ts'
import { compilePatterns } from './reader.ts'
import { compileTemplate } from './template.ts'
import { compileTime } from './time.ts'

const NOW = parseTime('2026-01-01T00:00:00Z')!

interface Row {
  readonly metric: string
  readonly value: unknown
  readonly unit: string | undefined
  readonly quality: number
  readonly time: number
}

/** What a line gives; undefined: it is refused. */
function reader(config: Partial<LinesConfig> & Pick<LinesConfig, 'patterns'>) {
  const read = compilePatterns({ source: { type: 'udp', port: 1 }, ...config })
  return (line: string): { device: string | undefined; rows: Row[] } | undefined => {
    const rows = new MetricRows()
    let device: string | undefined
    try {
      read(line, NOW, (named) => {
        device = named
        return rows
      })
    } catch (error) {
      assert.ok(error instanceof MillwrightError, String(error))
      return undefined
    }
    return { device, rows: Array.from({ length: rows.length }, (_, at) => rowAt(rows, at)) }
  }
}

function rowAt(rows: MetricRows, at: number): Row {
  const wide = rows.wide[at]
  const kind = rows.kind[at]
  const number = kind === ROW.boolean ? rows.value[at] === 1 : rows.value[at]
  const value = wide?.kind === 'state' ? wide.value : kind === ROW.none ? null : number
  return { metric: rows.name[at]!, value, unit: rows.unit[at], quality: rows.quality[at]!, time: rows.time[at]! }
}

describe('lines of devices', () => {
  interface Case extends Pick<LinesConfig, 'patterns'> {
    readonly name: string
    readonly decimal?: '.' | ','
    readonly lines: readonly string[]
    readonly rows: readonly (readonly (readonly [string, unknown, string?])[] | null)[]
    readonly times?: readonly number[]
    readonly device?: string
  }
  const cases = JSON.parse(readFileSync(new URL('../../testcases/devices.json', import.meta.url), 'utf8')) as Case[]
  for (const { name, lines, rows, times, device, ...config } of cases) {
    it(name, () => {
      const read = reader(config)
      lines.forEach((line, at) => {
        const found = read(line)
        const shown = found?.rows.map(({ metric, value, unit }) =>
          unit === undefined ? [metric, value] : [metric, value, unit],
        )
        assert.deepEqual(shown ?? null, rows[at], line)
        if (times !== undefined) assert.equal(found!.rows[0]!.time, times[at])
        if (found !== undefined) assert.equal(found.device, device)
      })
    })
  }
})

describe('templates', () => {
  const fields = (template: string, line: string) => {
    const found: string[] = []
    return compileTemplate(template, '.', '/t')(line, found) ? found : undefined
  }

  it('take text up to what follows, words up to a blank, numbers as far as they go', () => {
    assert.deepEqual(
      fields('{a}:{b:number}bar', 'in let: -1.5e2 bar'),
      undefined,
      'a blank is in the line and not in the template',
    )
    assert.deepEqual(fields('{a}: {b:number} bar', 'in let:   -1.5e2 bar'), ['a', 'in let', 'b', '-1.5e2'])
    assert.deepEqual(fields('{a} {b:word}', 'x y'), ['a', 'x', 'b', 'y'])
    assert.deepEqual(fields('{a} C {:text}', 'one two C rest of it'), ['a', 'one two'])
    assert.deepEqual(fields('{{{a}}}', '{x}'), ['a', 'x'])
    assert.deepEqual(fields('v{a:number}{u:word}', 'v12.5kg'), ['a', '12.5', 'u', 'kg'])
    assert.deepEqual(fields('a {b} c', 'a  c'), undefined)
    assert.deepEqual(fields('{a:number}', '1.2.3'), undefined)
    assert.deepEqual(fields('{a:number}', '  7  '), ['a', '7'])
  })

  it('that cannot be meant are refused with what is wrong', () => {
    const wrong = (template: string, what: RegExp) =>
      assert.throws(() => compileTemplate(template, '.', '/patterns/0/template'), {
        code: 'MW-LINES-0001',
        path: '/patterns/0/template',
        message: what,
      })
    wrong('{a}{b}', /something must stand/)
    wrong('{a', /not closed/)
    wrong('a}', /closes nothing/)
    wrong('{a:float}', /text, word, number/)
    wrong('{a} {a}', /Two fields are named a/)
    wrong('abc', /no field/)
  })

  it('read any line in one pass: hostile ones too', () => {
    const hostile = [
      'a'.repeat(65_000),
      ' '.repeat(65_000),
      'a '.repeat(32_000),
      '1'.repeat(65_000),
      '"'.repeat(65_000),
      '=,;'.repeat(20_000),
    ]
    const templates = ['{a} x {b} x {c} x', '{a}aa{b}aa{c}ab', '{a} {b:number} {c:word}', '{:number} {a}']
    const patterns: Pattern[] = [
      ...templates.map((template): Pattern => ({ type: 'template', template })),
      { type: 'split', columns: ['a', 'b'] },
      { type: 'pairs' },
      { type: 'pairs', separator: ',', assign: ':' },
    ]
    const began = performance.now()
    for (const pattern of patterns) {
      const read = reader({ patterns: [pattern] })
      for (const line of hostile) read(line)
    }
    assert.ok(performance.now() - began < 1_000, `${performance.now() - began} ms`)
  })
})

describe('fields', () => {
  it('have types: what is no number where one should be is no value', () => {
    const read = reader({
      patterns: [
        {
          type: 'pairs',
          fields: [
            { field: 'n', type: 'number' },
            { field: 'b', type: 'boolean' },
            { field: 't', type: 'text' },
            { field: 'd', scale: 0.1, offset: 1 },
          ],
        },
      ],
    })
    const rows = read('n=OVER b=maybe t=12 d=123 auto=on e=')!.rows
    assert.deepEqual(
      rows.map(({ metric, value, quality }) => [metric, value, quality]),
      [
        ['n', null, QUALITY.badSensorFailure],
        ['b', null, QUALITY.bad],
        ['t', '12', 0],
        ['d', 13.3, 0],
        ['auto', 'on', 0],
        ['e', null, QUALITY.bad],
      ],
    )
  })

  it('with a time that is none, or no device name, refuse the whole line', () => {
    const read = reader({ patterns: [{ type: 'pairs', time: { field: 't', format: 'unix' }, device: 'd' }] })
    assert.equal(read('t=soon d=a v=1'), undefined)
    assert.equal(read('t=12 d=a v=1'), undefined, 'before 2000')
    assert.equal(read(`t=${NOW / 1e6 + 90_000} d=a v=1`), undefined, 'more than a day ahead')
    assert.equal(read(`t=1767225600.123456 d=${'x'.repeat(121)} v=1`), undefined)
    assert.deepEqual(read('t=1767225600.123456 d=a v=1'), {
      device: 'a',
      rows: [{ metric: 'v', value: 1, unit: undefined, quality: 0, time: 1_767_225_600_123_456 }],
    })
  })

  it('arbitrary lines are read or refused, and never more than bounded', () => {
    const patterns: Pattern[] = [
      { type: 'template', template: '{a} T={t:number} C {when}', time: { field: 'when', format: 'YYYY-MM-DD HH:mm' } },
      { type: 'split', columns: ['x', '', 'y'], separator: ';' },
      { type: 'pairs', device: 'id' },
    ]
    const read = reader({ patterns })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc.stringMatching(/^[ab ]{0,5}( T=)?[0-9.;= "]{0,20}( C)?$/),
        ),
        (line) => {
          const found = read(line)
          for (const { metric, value } of found?.rows ?? []) {
            assert.ok(metric.length > 0 && metric.length <= 200)
            assert.ok(typeof value !== 'number' || Number.isFinite(value))
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('times', () => {
  const read = (format: string, text: string, zone = 'UTC') => compileTime(format, zone, '/t')(text)

  it('are read in the formats of devices, exact to the microsecond', () => {
    const at = parseTime('2026-03-04T05:06:07.123456Z')!
    assert.equal(read('iso', '2026-03-04T06:06:07.123456+01:00'), at)
    assert.equal(read('iso', '2026-03-04 05:06:07.123456'), at)
    assert.equal(read('unix', '1772600767.123456'), at)
    assert.equal(read('unix-ms', '1772600767123'), at - 456)
    assert.equal(read('DD.MM.YYYY HH:mm:ss.SSSSSS', '4.3.2026 05:06:07.123456'), at)
    assert.equal(read('YYMMDDHHmmss', '260304050607'), at - 123_456)
    assert.equal(read('YYYY-MM-DDTHH:mm:ssZ', '2026-03-04T06:06:07+0100'), at - 123_456)
    assert.equal(read('YYYY-MM-DD', '2026-02-30'), undefined)
    assert.equal(read('YYYY-MM-DD', '2026-03-04 '), undefined)
  })

  it('are read in the time zone of the device, summer and winter', () => {
    const vienna = (text: string) => read('YYYY-MM-DD HH:mm', text, 'Europe/Vienna')
    assert.equal(vienna('2026-01-15 12:00'), parseTime('2026-01-15T11:00:00Z'))
    assert.equal(vienna('2026-07-15 12:00'), parseTime('2026-07-15T10:00:00Z'))
    assert.equal(vienna('2026-10-25 02:30'), parseTime('2026-10-25T00:30:00Z'), 'the first of the two')
    assert.equal(vienna('2026-10-25 03:00'), parseTime('2026-10-25T02:00:00Z'))
    assert.equal(vienna('2026-03-29 03:00'), parseTime('2026-03-29T01:00:00Z'))
    assert.equal(read('YYYY-MM-DD HH:mm', '2026-01-15 12:00', '-03:30'), parseTime('2026-01-15T15:30:00Z'))
    assert.throws(() => read('iso', '', 'Europe/Nowhere'), { code: 'MW-LINES-0001' })
    assert.throws(() => read('HH:mm', ''), /year, month and day/)
  })
})
