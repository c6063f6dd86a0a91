import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Position, STEP } from '../core/machine.ts'
import { BATTERY, cellVoltage, drain } from './battery.ts'
import { Route, YARD } from './route.ts'
import { Vehicle } from './vehicle.ts'

const run = (vehicle: Vehicle, seconds: number, each: () => void = () => {}) => {
  for (let i = 0; i < Math.round(seconds / STEP); i++) {
    vehicle.step(STEP)
    each()
  }
}
const metres = (a: Position, b: Position) =>
  Math.hypot(
    (b.latitude - a.latitude) * 111_260,
    (b.longitude - a.longitude) * 111_412 * Math.cos((a.latitude * Math.PI) / 180),
  )

test('property: the route is closed and continuous: a metre along it is a metre on the ground at most', () => {
  const route = new Route(YARD)
  assert.ok(route.length > 500 && route.length < 1500, `${route.length} m`)
  fc.assert(
    fc.property(fc.double({ min: 0, max: 5_000, noNaN: true }), (distance) => {
      const here = route.at(distance)
      assert.ok(metres(here.position, route.at(distance + 1).position) <= 1.01)
      assert.ok(metres(here.position, route.at(distance + route.length).position) < 1e-6)
      assert.ok(here.heading >= 0 && here.heading < 360)
    }),
  )
})

test('property: the battery keeps its books: charge falls by the current, and power is voltage times current', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.double({ min: -4_000, max: 6_000, noNaN: true }),
      (charge, power) => {
        const step = drain(charge, power, 1, 1)
        assert.ok(Math.abs(step.voltage * step.current - power) < 1e-6 * Math.max(1, Math.abs(power)))
        assert.ok(Math.abs(charge - step.charge - step.current / 3600 / BATTERY.capacity) < 1e-12)
        assert.ok(step.loss >= 0)
      },
    ),
  )
  for (let charge = 0; charge < 1; charge += 0.01) assert.ok(cellVoltage(charge + 0.01) > cellVoltage(charge))
})

test('it drives its rounds: speed, way and position agree, it stops to load, and charges when it must', () => {
  const vehicle = new Vehicle('V', 5, new Route(YARD))
  const states = new Set<unknown>()
  let last = vehicle.signals()['position'] as Position
  let odometer = vehicle.signals()['odometer'] as number
  let way = 0
  run(vehicle, 7_200, () => {
    const shown = vehicle.signals()
    states.add(shown['state'])
    const here = shown['position'] as Position
    const moved = metres(last, here)
    assert.ok(moved < 3.4 * STEP + 0.03, `it jumped ${moved} m`)
    way += moved
    assert.ok((shown['odometer'] as number) >= odometer, 'the odometer goes up only')
    odometer = shown['odometer'] as number
    assert.ok((shown['state_of_charge'] as number) > 15, 'it charges in time')
    last = here
  })
  const counted = (odometer - 3184.2) * 1000
  assert.ok(Math.abs(counted - way) < way * 0.03, `${counted} m counted, ${way} m driven`)
  assert.deepEqual([...states].sort(), ['charging', 'driving', 'loading', 'unloading'])
})

test('an obstacle and the operator hold it; a failed cell takes its charge', () => {
  const vehicle = new Vehicle('V', 5, new Route(YARD))
  const obstacle = vehicle.faults.find(({ name }) => name === 'obstacle')!
  run(vehicle, 5)
  obstacle.inject()
  run(vehicle, 60)
  assert.equal(vehicle.signals()['state'], 'held')
  assert.equal(vehicle.signals()['running'], false)
  obstacle.clear()
  run(vehicle, 5)
  assert.equal(vehicle.signals()['running'], true)
  vehicle.commands['hold']!(undefined)
  run(vehicle, 60)
  assert.equal(vehicle.signals()['running'], false)
  vehicle.faults.find(({ name }) => name === 'battery')!.inject()
  assert.ok((vehicle.signals()['state_of_charge'] as number) > 50, 'the display follows with the next step')
  run(vehicle, 1)
  assert.ok((vehicle.signals()['state_of_charge'] as number) < 20)
})
