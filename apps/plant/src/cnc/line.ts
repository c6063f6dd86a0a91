import { BarFeeder } from './bar-feeder.ts'
import { Buffer } from './buffer.ts'
import { Conveyor } from './conveyor.ts'
import { Gauge } from './gauge.ts'
import type { Part } from './part.ts'
import { Station } from './station.ts'

/** Line 1: a lathe, a mill and a gauge, with a stretch of conveyor between them. Makes stepped shafts. */
export class CncLine {
  readonly feeder: BarFeeder
  readonly lathe: Station
  readonly mill: Station
  readonly gauge: Gauge
  readonly #toMill = new Buffer(3)
  readonly #toGauge = new Conveyor()

  /** @param series what its parts' serial numbers begin with */
  constructor(seed: number, series = 'MW') {
    this.feeder = new BarFeeder('bar-feeder', seed, series)
    this.lathe = new Station(
      {
        name: 'OP10',
        operation: 'turning',
        characteristic: 'diameter',
        nominal: 40,
        perRecession: 0.5,
        loading: 5,
        cutting: 20,
        cuttingSpeed: 220,
        tool: { c: 410, n: 0.25 },
        passes: [
          { share: 0.5, power: 5.4, speed: 1750, feed: 520 },
          { share: 0.28, power: 3.1, speed: 2100, feed: 420 },
          { share: 0.22, power: 1.3, speed: 2600, feed: 260 },
        ],
        rating: 11,
        firstToolUsed: 0.3,
      },
      seed,
      this.feeder,
      this.#toMill,
    )
    this.mill = new Station(
      {
        name: 'OP20',
        operation: 'milling',
        characteristic: 'keyway_width',
        nominal: 12,
        perRecession: -0.5,
        loading: 6,
        cutting: 21,
        cuttingSpeed: 180,
        tool: { c: 450, n: 0.3 },
        passes: [
          { share: 0.62, power: 3.6, speed: 4800, feed: 960 },
          { share: 0.38, power: 1.7, speed: 6200, feed: 740 },
        ],
        rating: 9,
        firstToolUsed: 0.55,
      },
      seed,
      this.#toMill,
      this.#toGauge,
    )
    this.gauge = new Gauge('OP30', seed, this.#toGauge, [
      { name: 'diameter', nominal: 40, tolerance: 0.025, correct: (deviation) => this.lathe.correct(deviation) },
      { name: 'keyway_width', nominal: 12, tolerance: 0.03, correct: (deviation) => this.mill.correct(deviation) },
    ])
  }

  get machines(): readonly [Station, Station, Gauge] {
    return [this.lathe, this.mill, this.gauge]
  }

  /** From the end of the line to its start, so that a part moves one place a step at most. */
  step(dt: number): void {
    this.feeder.step(dt)
    this.gauge.step(dt)
    this.#toGauge.step(dt)
    this.mill.step(dt)
    this.lathe.step(dt)
  }

  save(): unknown {
    return {
      feeder: this.feeder.save(),
      toMill: this.#toMill.save(),
      toGauge: this.#toGauge.save(),
      machines: this.machines.map((machine) => machine.save()),
    }
  }

  restore(saved: unknown): void {
    const state = saved as { feeder: never; toMill: Part[]; toGauge: ReturnType<Conveyor['save']>; machines: unknown[] }
    this.feeder.restore(state.feeder)
    this.#toMill.restore(state.toMill)
    this.#toGauge.restore(state.toGauge)
    for (const [at, machine] of this.machines.entries()) machine.restore(state.machines[at])
  }
}
