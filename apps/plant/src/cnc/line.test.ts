import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STEP } from '../core/machine.ts'
import { CncLine } from './line.ts'
import { flankWear, toolLife } from './tool.ts'

interface Result {
  readonly serial: string
  readonly result: 'pass' | 'fail'
  readonly characteristics: readonly { name: string; nominal: number; tolerance: number; actual: number; ok: boolean }[]
  readonly genealogy: readonly { station: string; tool: string; seconds: number }[]
}

function run(line: CncLine, seconds: number): Result[] {
  const results: Result[] = []
  for (let i = 0; i < Math.round(seconds / STEP); i++) {
    line.step(STEP)
    for (const { signal, value } of line.gauge.occurrences())
      if (signal === 'quality_result') results.push(value as unknown as Result)
  }
  return results
}
const shown = (machine: { signals(): Readonly<Record<string, unknown>> }) => machine.signals() as Record<string, number>

test('Taylor: v T^n is constant; wear goes through its three stages to 0.3 mm', () => {
  const tool = { c: 410, n: 0.25 }
  for (const speed of [100, 180, 220, 300]) {
    assert.ok(Math.abs(speed * (toolLife(tool, speed) / 60) ** tool.n - tool.c) < 1e-9)
  }
  assert.ok(Math.abs(flankWear(1) - 0.3) < 1e-6)
  const rate = (life: number) => (flankWear(life + 0.001) - flankWear(life)) / 0.001
  assert.ok(rate(0.01) > rate(0.4) && rate(0.95) > rate(0.4), 'fast, slow, fast')
})

test('parts go through in order, each judged by its own measures, with its whole genealogy', () => {
  const line = new CncLine(1)
  const results = run(line, 1800)
  assert.ok(results.length > 45, `${results.length} parts`)
  const serials = results.map(({ serial }) => serial)
  assert.deepEqual(serials, [...serials].sort())
  assert.equal(new Set(serials).size, serials.length)
  for (const { result, characteristics, genealogy } of results) {
    assert.deepEqual(
      genealogy.map(({ station }) => station),
      ['OP10', 'OP20'],
    )
    for (const { nominal, tolerance, actual, ok } of characteristics)
      assert.equal(ok, Math.abs(actual - nominal) <= tolerance)
    assert.equal(
      result === 'pass',
      characteristics.every(({ ok }) => ok),
    )
  }
  const gauge = shown(line.gauge)
  assert.equal(gauge['parts_good']! + gauge['parts_rejected']!, results.length)
  assert.ok(gauge['parts_good']! / results.length > 0.9, 'a healthy line makes good parts')
})

test('no part is lost or made twice: fed = judged + in the line', () => {
  const line = new CncLine(2)
  const judged = run(line, 900)
  const last = Number(judged.at(-1)!.serial.slice(3))
  assert.equal(judged.length, last)
  const fed = (line.feeder.save() as { count: number }).count
  assert.ok(fed - judged.length <= 2 * 3 + 3)
})

test('a broken tool stops the machine, scraps the part, starves what follows, and a new tool sets it going', () => {
  const line = new CncLine(1)
  run(line, 120)
  const toolBreak = line.lathe.faults.find(({ name }) => name === 'tool-break')!
  toolBreak.inject()
  run(line, 60)
  assert.equal(line.lathe.signals()['tool_broken'], true)
  assert.equal(line.lathe.signals()['state'], 'down')
  const made = shown(line.lathe)['parts_made']!
  const parts = line.lathe.occurrences().filter(({ signal }) => signal === 'part')
  assert.equal((parts.at(-1)!.value as unknown as { result: string }).result, 'scrapped')
  run(line, 120)
  assert.equal(shown(line.lathe)['parts_made'], made)
  assert.equal(line.mill.signals()['state'], 'starved')
  line.lathe.commands['change_tool']!(undefined)
  run(line, 120)
  assert.ok(shown(line.lathe)['parts_made']! > made)
  assert.equal(line.lathe.signals()['tool_broken'], false)
})

test('without cooling the spindle warms, grows, and parts leave their tolerance', () => {
  const line = new CncLine(1)
  run(line, 300)
  line.lathe.faults.find(({ name }) => name === 'coolant')!.inject()
  const results = run(line, 900)
  assert.ok(shown(line.lathe)['spindle_temperature']! > 65)
  assert.ok(results.some(({ result }) => result === 'fail'))
})

test('a weak chuck: some parts slip and come out too large; those that are diverted in time are measured aside', () => {
  const line = new CncLine(3)
  run(line, 300)
  line.lathe.faults.find(({ name }) => name === 'chuck')!.inject()
  const slipped = run(line, 900).filter(({ result }) => result === 'fail')
  assert.ok(slipped.length >= 5, `${slipped.length} rejects`)
  const before = shown(line.gauge)
  line.mill.occurrences()
  let diverted: string | undefined
  for (let i = 0; diverted === undefined && i < 1000; i++) {
    line.step(STEP)
    const left = line.mill.occurrences().find(({ signal }) => signal === 'part')
    diverted = (left?.value as { serial?: string } | undefined)?.serial
  }
  assert.deepEqual(line.gauge.commands['divert']!({ serial: diverted }), { diverted })
  const results = run(line, 120) as (Result & { diverted: boolean })[]
  assert.deepEqual(
    results.filter((each) => each.diverted).map(({ serial }) => serial),
    [diverted],
  )
  assert.equal(shown(line.gauge)['parts_diverted'], before['parts_diverted']! + 1)
  assert.throws(() => line.gauge.commands['divert']!({ serial: diverted }), /passed the gate/)
  assert.throws(() => line.gauge.commands['divert']!({}), /serial number/)
})

test('wear: the tool is changed at the end of its life, and power rises with wear', () => {
  const line = new CncLine(1)
  const tools = new Set<unknown>()
  let sharp = 0
  let worn = 0
  for (let minute = 0; minute < 60; minute++) {
    run(line, 60)
    tools.add(line.lathe.signals()['tool'])
    const { spindle_power: power, tool_wear: wear, spindle_speed: speed } = shown(line.lathe)
    if (line.lathe.signals()['state'] === 'cutting' && speed! < 1800) {
      if (wear! < 35) sharp = Math.max(sharp, power!)
      if (wear! > 75) worn = Math.max(worn, power!)
    }
  }
  assert.ok(tools.size >= 3, `${tools.size} tools`)
  assert.ok(sharp > 0 && worn > sharp * 1.1)
})

test('paused, it finishes what it has and stands idle; settings are bounded', () => {
  const line = new CncLine(1)
  run(line, 60)
  line.lathe.commands['pause']!(undefined)
  run(line, 120)
  assert.equal(line.lathe.signals()['state'], 'idle')
  line.lathe.commands['resume']!(undefined)
  run(line, 60)
  assert.notEqual(line.lathe.signals()['state'], 'idle')
  assert.throws(() => line.lathe.settings['feed_override']!.set(300), /between 40 and 120/)
  assert.throws(() => line.lathe.settings['feed_override']!.set('fast'), /must be a number/)
})
