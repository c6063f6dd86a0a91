import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import type { RegisterMap } from '../config.ts'
import { importRegisterMap } from './register-map.ts'

const imported = (text: string) => {
  const { config, notes } = importRegisterMap(Buffer.from(text))
  return { maps: config['maps'] as RegisterMap[], notes }
}
const problem = (text: string): string => {
  try {
    importRegisterMap(Buffer.from(text))
  } catch (error) {
    assert.ok(error instanceof MillwrightError)
    return error.message
  }
  throw new Error('nothing was wrong')
}

describe('register maps as CSV', () => {
  it('are read with manual addresses, units, states and several maps', () => {
    const { maps, notes } = imported(
      [
        'Name;Address;Data type;Scale;Unit;States;R/W;Map;Page',
        'Supply temperature;30001;int16;0,1;Cel;;r;AHU;12',
        'Fan speed;40010;float(abcd);;%;;rw;AHU;12'.replace('float(abcd)', 'REAL'),
        '# a remark;;;;;;;;',
        'State;40020.4;uint16;;;0=Off|1=On;;AHU;13',
        'Alarm;10003;;;;;;AHU;13',
        'Pump;00001;;;;;yes;Pump;1',
        '"Name; with ""quotes""";400100;string(8);;;;;Pump;1',
      ].join('\r\n'),
    )
    assert.deepEqual(maps, [
      {
        name: 'AHU',
        registers: [
          {
            name: 'Supply temperature',
            table: 'input',
            address: 0,
            type: 'int16',
            scale: 0.1,
            unit: 'Cel',
            writable: false,
          },
          { name: 'Fan speed', table: 'holding', address: 9, type: 'float32', unit: '%', writable: true },
          {
            name: 'State',
            table: 'holding',
            address: 19,
            type: 'uint16',
            bit: 4,
            states: [
              { value: 0, name: 'Off' },
              { value: 1, name: 'On' },
            ],
          },
          { name: 'Alarm', table: 'discrete', address: 2, type: 'bool' },
        ],
      },
      {
        name: 'Pump',
        registers: [
          { name: 'Pump', table: 'coil', address: 0, type: 'bool', writable: true },
          { name: 'Name; with "quotes"', table: 'holding', address: 99, type: 'string', length: 8 },
        ],
      },
    ])
    assert.deepEqual(notes, [
      'Map "AHU": 4 registers. Choose it at the devices.',
      'Map "Pump": 2 registers. Choose it at the devices.',
      'Columns that were left out: Page.',
    ])
  })

  it('are read with a table and addresses of the wire', () => {
    const { maps } = imported(
      'name,table,address,type,word order\nEnergy,Holding Register,40001,u64,CDAB\nFlag,input,0x10.3,bool,\n',
    )
    assert.deepEqual(maps[0]!.registers, [
      { name: 'Energy', table: 'holding', address: 40_001, type: 'uint64', order: 'CDAB' },
      { name: 'Flag', table: 'input', address: 16, type: 'bool', bit: 3 },
    ])
  })

  it('have their units written as UCUM codes, or none', () => {
    const { maps, notes } = imported('name,address,unit\nT,40001,°C\nn,40002,rpm\nP,40003,kW\nx,40004,furlongs')
    assert.deepEqual(
      maps[0]!.registers.map(({ unit }) => unit),
      ['Cel', '/min', 'kW', undefined],
    )
    assert.deepEqual(notes.slice(1), [
      'Units written as UCUM codes: °C = Cel, rpm = /min.',
      'Units that are not known and were left out: furlongs.',
    ])
  })

  it('name the line of what is wrong', () => {
    assert.match(
      problem('name,address,type\nA,40001,uint16\nB,40002,flaot32'),
      /^Line 3, type "flaot32" is not one of bool, int16, .*string\.$/,
    )
    assert.match(problem('name,address\nA,12'), /^Line 2, address "12" needs a column "table"/)
    assert.match(problem('name,table,address\nA,holding,70000'), /^Line 2, address "70000" is beyond 65535/)
    assert.match(problem('name,address,scale\nA,40001,ten'), /^Line 2, scale "ten" is not a number/)
    assert.match(problem('name,address\nA,40001\n\nA,40002'), /^Line 4: A stands on line 2/)
    assert.match(problem('name,address,type,bit\nA,40001,uint16,16'), /^Line 2: A ends beyond bit 15/)
    assert.match(problem('name,type\nA,uint16'), /^Line 1: there is no column "address"/)
    assert.match(problem('name,address\n"A,40001'), /^Line 2: a quotation mark is not closed/)
    assert.match(problem('name,address'), /no registers/)
    const many = `name,address\n${Array.from({ length: 20 }, (_, at) => `A${at},x`).join('\n')}`
    assert.match(problem(many), /^Line 2, .* Line 4, .* And 17 more\.$/)
  })

  it('of arbitrary bytes are refused in words', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          fc.string().map((text) => Buffer.from(`name,address,type,states\n${text}`)),
        ),
        (bytes) => {
          try {
            importRegisterMap(bytes)
          } catch (error) {
            assert.ok(error instanceof MillwrightError, String(error))
          }
        },
      ),
    )
  })
})
