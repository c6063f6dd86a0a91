import { energyErrors } from './errors.ts'
import { Program } from './program.ts'
import type { Solver } from './solver.ts'

export interface Battery {
  /** kWh that can be taken out of it when full, before the discharge's losses. */
  readonly capacity: number
  /** kW at most, either way, at its terminals. */
  readonly power: number
  /** Shares that arrive, 0 to 1: of what is charged, and of what is taken out. */
  readonly chargeEfficiency: number
  readonly dischargeEfficiency: number
  /** kWh in it now. */
  readonly stored: number
  /** What a kWh left in it at the end is worth; 0 when not given. */
  readonly endValue?: number
}

/** Work that takes power whenever it runs and can be begun at another time. */
export interface Job {
  readonly name: string
  /** kW in each step from its start. */
  readonly power: readonly number[]
  /** First step it may begin with, and the step before which it must be done. */
  readonly earliest: number
  readonly latest: number
  /** The step it would begin with if nobody looked. */
  readonly usual: number
  /** Jobs of one machine do not overlap. */
  readonly machine?: string
}

export interface ScheduleTask {
  /** Hours of a step. */
  readonly hours: number
  /** kW in each step, forecast, without the jobs; less what the roof gives. */
  readonly net: ArrayLike<number>
  /** Price of a kWh in each step, bought and sold. */
  readonly price: ArrayLike<number>
  readonly sold?: ArrayLike<number>
  /** Price of each kW of the highest draw above `highestSoFar` kW (a demand charge). */
  readonly peakPrice?: number
  readonly highestSoFar?: number
  readonly battery?: Battery
  readonly jobs?: readonly Job[]
}

export interface Schedule {
  /** kW bought (sold when negative), charged and discharged in each step. */
  readonly grid: Float64Array
  readonly charge: Float64Array
  readonly discharge: Float64Array
  /** kWh in the battery after each step. */
  readonly stored: Float64Array
  /** What one kWh in the battery at the first step is worth; absent with jobs. */
  readonly storedValue?: number
  /** Step that each job begins with. */
  readonly starts: readonly number[]
  readonly cost: number
  /** kW bought in each step with an idle battery and every job at its usual time. */
  readonly gridWithout: Float64Array
  readonly costWithout: number
  readonly optimal: boolean
}

const STEPS = 2000
const STARTS = 5000

/** When to charge, discharge and run what can wait, at the least cost over the horizon. Cost is what is bought, less what is sold, plus the peak. */
export function scheduleEnergy(task: ScheduleTask, solver: Solver, seconds?: number): Schedule {
  checkTask(task)
  const { net, price, hours, sold, jobs = [] } = task
  const steps = net.length
  const program = new Program()
  const bought = Array.from({ length: steps }, (_, t) => program.variable(price[t]! * hours, 0, Infinity))
  const given = Array.from({ length: steps }, (_, t) => program.variable(-(sold?.[t] ?? 0) * hours, 0, Infinity))
  const balance: [number, number][][] = bought.map((variable, t) => [
    [variable, 1],
    [given[t]!, -1],
  ])
  const battery = addBattery(program, task, balance)
  const starts = addJobs(program, jobs, balance)
  balance.forEach((terms, t) => {
    program.row(net[t]!, net[t]!, terms)
  })
  if (task.peakPrice !== undefined) {
    const peak = program.variable(task.peakPrice, task.highestSoFar ?? 0, Infinity)
    for (const variable of bought)
      program.row(0, Infinity, [
        [peak, 1],
        [variable, -1],
      ])
  }
  const solution = solver.solve(program, seconds)
  // The solver keeps bounds to 1e-7 only.
  const of = (variables: readonly number[]) =>
    Float64Array.from(variables, (variable) => Math.max(0, solution.values[variable]!))
  const chosen = starts.map((options) => options.find(({ variable }) => solution.values[variable]! > 0.5)!.step)
  const none = new Float64Array(steps)
  const gridWithout = usualGrid(task)
  const grid = of(bought).map((value, t) => value - solution.values[given[t]!]!)
  return {
    grid,
    charge: battery === undefined ? none : of(battery.charge),
    discharge: battery === undefined ? none : of(battery.discharge),
    stored: battery === undefined ? none : of(battery.stored),
    ...(battery === undefined || solution.duals === undefined
      ? {}
      : { storedValue: Math.max(0, -solution.duals[battery.firstRow]!) }),
    starts: chosen,
    cost: costOf(task, grid),
    gridWithout,
    costWithout: costOf(task, gridWithout),
    optimal: solution.optimal,
  }
}

function addBattery(program: Program, { battery, net, hours }: ScheduleTask, balance: [number, number][][]) {
  if (battery === undefined) return undefined
  const { capacity, power, chargeEfficiency, dischargeEfficiency, endValue = 0 } = battery
  const charge: number[] = []
  const discharge: number[] = []
  const stored: number[] = []
  let firstRow = 0
  for (let t = 0; t < net.length; t++) {
    charge.push(program.variable(0, 0, power))
    discharge.push(program.variable(0, 0, power))
    stored.push(program.variable(t === net.length - 1 ? -endValue : 0, 0, capacity))
    balance[t]!.push([charge[t]!, -1], [discharge[t]!, 1])
    const before = t === 0 ? Math.min(battery.stored, capacity) : 0
    const row = program.row(before, before, [
      [stored[t]!, 1],
      [charge[t]!, -hours * chargeEfficiency],
      [discharge[t]!, hours / dischargeEfficiency],
      ...(t === 0 ? [] : [[stored[t - 1]!, -1] as const]),
    ])
    if (t === 0) firstRow = row
  }
  return { charge, discharge, stored, firstRow }
}

function addJobs(program: Program, jobs: readonly Job[], balance: [number, number][][]) {
  const busy = new Map<string, [number, number][]>()
  const starts = jobs.map(({ power, earliest, latest, machine }) => {
    const options: { step: number; variable: number }[] = []
    for (let step = earliest; step + power.length <= latest; step++) {
      const variable = program.variable(0, 0, 1, true)
      options.push({ step, variable })
      power.forEach((kw, i) => {
        balance[step + i]!.push([variable, -kw])
        if (machine !== undefined) {
          const key = `${step + i} ${machine}`
          busy.set(key, [...(busy.get(key) ?? []), [variable, 1]])
        }
      })
    }
    program.row(
      1,
      1,
      options.map(({ variable }) => [variable, 1] as const),
    )
    return options
  })
  for (const terms of busy.values()) program.row(0, 1, terms)
  return starts
}

function checkTask({ net, price, sold, battery, jobs = [] }: ScheduleTask): void {
  if (net.length === 0 || net.length > STEPS)
    throw energyErrors.tooLarge({ size: net.length, what: 'steps', limit: STEPS })
  for (const [name, values] of Object.entries({ net, price, ...(sold === undefined ? {} : { sold }) })) {
    if (values.length !== net.length)
      throw energyErrors.input({ name, reason: `it has ${values.length} steps, not ${net.length}` })
    if (!Array.from(values).every(Number.isFinite))
      throw energyErrors.input({ name, reason: 'a value in it is missing' })
  }
  // Selling dearer than buying would earn without end.
  if (sold !== undefined && Array.from(sold).some((value, t) => value > price[t]!))
    throw energyErrors.input({ name: 'sold', reason: 'a step sells dearer than it buys' })
  if (battery !== undefined) {
    const { capacity, power, chargeEfficiency, dischargeEfficiency, stored } = battery
    const sound = [capacity, power, stored].every((value) => value >= 0) && Number.isFinite(capacity)
    const shares = [chargeEfficiency, dischargeEfficiency].every((value) => value > 0 && value <= 1)
    if (!sound || !shares)
      throw energyErrors.input({
        name: 'battery',
        reason: 'sizes are 0 or more, and efficiencies above 0 and at most 1',
      })
  }
  let starts = 0
  for (const { name, power, earliest, latest, usual } of jobs) {
    const fits = earliest >= 0 && latest <= net.length && earliest + power.length <= latest && power.length > 0
    if (!fits || usual < 0 || usual + power.length > net.length)
      throw energyErrors.impossible({ reason: `"${name}" does not fit between its earliest start and its latest end` })
    starts += latest - power.length - earliest + 1
  }
  if (starts > STARTS) throw energyErrors.tooLarge({ size: starts, what: 'possible starts of jobs', limit: STARTS })
}

function usualGrid({ net, jobs = [] }: ScheduleTask): Float64Array {
  const grid = Float64Array.from(net)
  for (const { power, usual } of jobs)
    power.forEach((kw, i) => {
      grid[usual + i]! += kw
    })
  return grid
}

function costOf({ price, sold, hours, peakPrice = 0, highestSoFar = 0 }: ScheduleTask, grid: Float64Array): number {
  let cost = 0
  let peak = highestSoFar
  grid.forEach((kw, t) => {
    cost += kw * hours * (kw > 0 ? price[t]! : (sold?.[t] ?? 0))
    peak = Math.max(peak, kw)
  })
  return cost + peakPrice * peak
}
