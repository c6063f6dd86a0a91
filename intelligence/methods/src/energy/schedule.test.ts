import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { type Battery, createSolver, dispatchBattery, type Solver, scheduleEnergy } from './index.ts'

const battery: Battery = { capacity: 10, power: 5, chargeEfficiency: 0.9, dischargeEfficiency: 0.9, stored: 0 }
const close = (ours: number, wanted: number) => assert.ok(Math.abs(ours - wanted) < 1e-6, `${ours} is not ${wanted}`)

describe('a schedule', () => {
  let solver: Solver
  before(async () => {
    solver = await createSolver()
  })

  it('buys cheap and uses dear, as far as the losses let it', () => {
    // By hand: in the cheap hour 5 kW more are bought, 4.5 kWh arrive, 4.05 kWh come out in the dear one: 2 × 0.1 + 5 × 0.1 … saves 4.05 × 0.5 - 5 × 0.1.
    const task = { hours: 1, net: [2, 6], price: [0.1, 0.5] }
    const { cost, costWithout, charge, discharge } = scheduleEnergy({ ...task, battery }, solver)
    close(costWithout, 3.2)
    close(costWithout - cost, 4.05 * 0.5 - 5 * 0.1)
    close(charge[0]!, 5)
    close(discharge[1]!, 4.05)
  })

  it('leaves the battery alone when the spread does not pay for the losses', () => {
    const { cost, costWithout } = scheduleEnergy({ hours: 1, net: [2, 6], price: [0.4, 0.45], battery }, solver)
    close(cost, costWithout)
  })

  it('shaves a peak that costs', () => {
    // Level: the peak of 8 is fed by 1/0.81 more in the three other hours.
    const { grid } = scheduleEnergy(
      { hours: 1, net: [2, 2, 2, 8], price: [0.1, 0.1, 0.1, 0.1], peakPrice: 10, battery },
      solver,
    )
    close(Math.max(...grid), Math.min(...grid))
  })

  it('moves jobs to where they are cheap, one at a time on a machine', () => {
    const job = (name: string) => ({ name, power: [10, 10], earliest: 0, latest: 6, usual: 0, machine: 'press' })
    const price = [0.5, 0.5, 0.1, 0.1, 0.2, 0.2]
    const { starts, cost, costWithout } = scheduleEnergy(
      { hours: 1, net: [0, 0, 0, 0, 0, 0], price, jobs: [job('a'), job('b')] },
      solver,
    )
    assert.deepEqual([...starts].sort(), [2, 4])
    close(cost, 20 * 0.1 + 20 * 0.2)
    close(costWithout, 40 * 0.5)
  })

  it('never costs more than doing nothing, and keeps the battery’s limits', () => {
    const values = (min: number, max: number) =>
      fc.array(fc.double({ min, max, noNaN: true }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(values(-8, 8), values(0.05, 1), fc.double({ min: 0, max: 10, noNaN: true }), (net, price, stored) => {
        const plan = scheduleEnergy({ hours: 1, net, price, battery: { ...battery, stored } }, solver)
        assert.ok(plan.cost <= plan.costWithout + 1e-6)
        assert.ok(plan.stored.every((kWh) => kWh >= 0 && kWh <= 10 + 1e-6))
        assert.ok([...plan.charge, ...plan.discharge].every((kW) => kW >= 0 && kW <= 5 + 1e-6))
      }),
      { numRuns: 50 },
    )
  })

  it('dispatches within the limits, whatever the true load', () => {
    const plan = scheduleEnergy({ hours: 1, net: [2, 6, 1], price: [0.1, 0.5, 0.2], battery }, solver)
    fc.assert(
      fc.property(
        fc.double({ min: -20, max: 20, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        (net, price, stored) => {
          const kW = dispatchBattery({ ...battery, stored }, plan, net, price, 1)
          const after = stored + (kW > 0 ? kW * 0.9 : kW / 0.9)
          assert.ok(Math.abs(kW) <= 5 + 1e-9 && after >= -1e-9 && after <= 10 + 1e-9)
          // It never feeds the grid from the battery.
          assert.ok(kW >= 0 || net + kW >= -1e-9)
        },
      ),
    )
  })

  it('refuses what cannot be, or cannot be solved in bounded time, in a sentence', () => {
    const code = (wanted: string) => (error: unknown) => error instanceof MillwrightError && error.code === wanted
    const flat = (steps: number) => new Array<number>(steps).fill(1)
    const job = { name: 'a', power: [1, 1, 1], earliest: 0, latest: 2, usual: 0 }
    assert.throws(
      () => scheduleEnergy({ hours: 1, net: flat(5000), price: flat(5000) }, solver),
      code('MW-ENERGY-0001'),
    )
    assert.throws(
      () => scheduleEnergy({ hours: 1, net: flat(4), price: flat(4), jobs: [job] }, solver),
      code('MW-ENERGY-0002'),
    )
    const twice = { name: 'a', power: [1, 1], earliest: 0, latest: 3, usual: 0, machine: 'press' }
    assert.throws(
      () => scheduleEnergy({ hours: 1, net: flat(4), price: flat(4), jobs: [twice, twice] }, solver),
      code('MW-ENERGY-0002'),
    )
    assert.throws(() => scheduleEnergy({ hours: 1, net: [Number.NaN], price: [1] }, solver), code('MW-ENERGY-0003'))
    assert.throws(() => scheduleEnergy({ hours: 1, net: [1], price: [1], sold: [2] }, solver), code('MW-ENERGY-0003'))
  })
})
