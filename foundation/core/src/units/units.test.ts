import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AFFINE, APART, METRIC, PLAIN, PREFIXES } from './atoms.ts'
import { unitSymbol } from './symbol.ts'
import { convertUnit, isUnit, parseUnit, unitConversion } from './units.ts'

/** Close to the last few bits. */
function near(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= Math.abs(expected) * tolerance + 1e-12, `${actual} is not ${expected}`)
}

test('units of machines convert to what their definitions say', () => {
  const cases: [number, string, string, number][] = [
    [100, 'Cel', '[degF]', 212],
    [32, '[degF]', 'Cel', 0],
    [-40, '[degF]', 'Cel', -40],
    [0, 'K', 'Cel', -273.15],
    [25, 'Cel', 'K', 298.15],
    [491.67, '[degR]', 'Cel', 0],
    [1000, 'mCel', 'K', 274.15],
    [1, 'kW.h', 'J', 3_600_000],
    [1, '[in_i]', 'mm', 25.4],
    [1, '[psi]', 'bar', 0.0689475729316836],
    [1, 'bar', 'kPa', 100],
    [1, 'atm', 'mm[Hg]', 760.002100178515],
    [1, '[HP]', 'W', 745.6998715822702],
    [1, '[gal_us]', 'L', 3.785411784],
    [1, 'm3/h', 'L/min', 1000 / 60],
    [1, '[g]', 'm/s2', 9.80665],
    [1500, '/min', 'Hz', 25],
    [1, 'kg.m/s2', 'N', 1],
    [1, 'J/(kg.K)', 'J/kg/K', 1],
    [180, 'deg', 'rad', Math.PI],
    [50, '%', '1', 0.5],
    [1, 'mm/s{RMS}', 'm/s', 0.001],
    [60, '{rev}/min', 'Hz', 1],
    [6, 'Cel/min', 'K/s', 0.1],
    [1, '10*6/uL', '10*12/L', 1],
    [1, 'KiBy', 'By', 1024],
    [20, 'dB', 'B', 2],
    [1, 'cd', 'lm/sr', 1],
    [1, 'um/m', '[ppm]', 1],
    [1, 'V.A', 'W', 1],
    [1, '[acr_us]', 'm2', 4046.872609874252],
    [1, 'mm[H2O]', 'Pa', 9.80665],
  ]
  for (const [value, from, to, expected] of cases) near(convertUnit(value, from, to), expected)
})

test('an inch is 25.4 mm, to the last bit', () => {
  assert.deepEqual(unitConversion('[in_i]', 'mm'), { scale: 25.4, offset: 0 })
  assert.deepEqual(unitConversion('Cel', 'K'), { scale: 1, offset: 273.15 })
  assert.deepEqual(unitConversion('kPa', 'kPa'), { scale: 1, offset: 0 })
})

test('units that measure different things do not convert', () => {
  assert.equal(unitConversion('m', 's'), undefined)
  assert.equal(unitConversion('Cel', 'dB'), undefined)
  assert.equal(unitConversion('[pH]', 'mol/L'), undefined)
  assert.throws(() => convertUnit(1, 'm', 's'), /MW-UNIT-0003|measure different things/)
})

test('what is no code is refused, with the code that was probably meant', () => {
  for (const code of [
    '',
    'foo',
    'KW',
    '°C',
    'm//s',
    '//s',
    'm.',
    '(m',
    'm)',
    'm^2',
    '{',
    'm0',
    '0',
    'm 2',
    'kmin',
    'k%',
    'mm[in_i]',
    '[',
    'm-',
    '10*-',
    'constructor',
    '__proto__',
    'a'.repeat(65),
    '('.repeat(30),
  ]) {
    assert.equal(isUnit(code), false, code)
  }
  assert.throws(() => parseUnit('°C', 'unit'), { code: 'MW-UNIT-0002', path: 'unit', message: /did you mean Cel/ })
  assert.throws(() => parseUnit('flurb'), { code: 'MW-UNIT-0001' })
})

test('every atom and prefix of the tables is well defined', () => {
  for (const code of [...Object.keys(PLAIN), ...Object.keys(METRIC), ...Object.keys(AFFINE), ...APART]) {
    const text = code.startsWith('10') ? `${code}3` : code
    assert.ok(isUnit(text), code)
  }
  for (const prefix of Object.keys(PREFIXES)) assert.ok(isUnit(`${prefix}m`), prefix)
})

test('property: no text makes the parser throw, and converting there and back is the same value', () => {
  const code = fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.string({ unit: fc.constantFrom(...'mskgKCW/.()2-{}[]10*%hd'), maxLength: 20 }),
  )
  fc.assert(fc.property(code, (text) => typeof isUnit(text) === 'boolean'))
  const atoms = fc.constantFrom('m', 's', 'g', 'K', 'A', 'V', 'Pa', 'bar', '[psi]', 'h', 'L', '[ft_i]')
  const prefixes = fc.constantFrom('', 'k', 'm', 'u', 'M')
  fc.assert(
    fc.property(
      atoms,
      prefixes,
      fc.integer({ min: 1, max: 3 }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      (atom, prefix, exponent, value) => {
        const plain = `${atom}${exponent}`
        const scaled = ['h', '[psi]', '[ft_i]'].includes(atom) ? plain : `${prefix}${atom}${exponent}`
        const there = convertUnit(value, plain, scaled)
        near(convertUnit(there, scaled, plain), value)
      },
    ),
  )
})

test('people write units in their own way', () => {
  const written = {
    '1': '',
    Cel: '°C',
    'm3/h': 'm³/h',
    'm/s2': 'm/s²',
    'W/m2.K': 'W/m².K',
    'm[H2O]': 'm[H2O]',
    bar: 'bar',
  }
  for (const [ucum, symbol] of Object.entries(written)) assert.equal(unitSymbol(ucum), symbol)
})
