import loadHighs from 'highs'
import { energyErrors } from './errors.ts'
import type { Program } from './program.ts'

export interface Solution {
  readonly objective: number
  /** One for each variable. */
  readonly values: Float64Array
  /** What one more unit on the right of each row would cost; absent for programs with integers. */
  readonly duals?: Float64Array
  /** Whether it is proven best, or the best found in the time. */
  readonly optimal: boolean
}

export interface Solver {
  /**
   * @param seconds at most; a program with integers then gives the best found so far
   * @throws MW-ENERGY-0002 when nothing keeps all rows, -0007 when nothing was found in the time
   */
  solve(program: Program, seconds?: number): Solution
}

/** HiGHS (Huangfu and Hall, "Parallelizing the dual revised simplex method", Math. Prog. Comp. 10, 2018), as WebAssembly on this thread. */
export async function createSolver(): Promise<Solver> {
  // Its types are read as CommonJS, whose default export would stand one level deeper than it does.
  const highs = await (loadHighs as unknown as typeof loadHighs.default)()
  const { modelStatus } = highs.constants
  return {
    solve(program, seconds = 10) {
      const columns = program.cost.length
      const rows = program.rowLower.length
      const whole = program.integer.some((one) => one === 1)
      return highs.withModel(
        {
          numCols: columns,
          numRows: rows,
          colCost: program.cost,
          colLower: program.lower,
          colUpper: program.upper,
          rowLower: program.rowLower,
          rowUpper: program.rowUpper,
          matrix: {
            format: 'csr',
            numRows: rows,
            numCols: columns,
            starts: Int32Array.from(program.starts),
            indices: Int32Array.from(program.indices),
            values: Float64Array.from(program.values),
          },
          ...(whole ? { integrality: Int32Array.from(program.integer) } : {}),
        },
        (model) => {
          model.options.set({ output_flag: false, time_limit: seconds, random_seed: 1 })
          model.run()
          const status = model.getModelStatus()
          if (status === modelStatus.infeasible || status === modelStatus.unboundedOrInfeasible)
            throw energyErrors.impossible({ reason: 'some of them contradict each other' })
          const optimal = status === modelStatus.optimal
          if (!optimal && !(whole && Number.isFinite(model.getObjectiveValue())))
            throw energyErrors.timeOut({ seconds })
          const solution = model.getSolution()
          return {
            objective: model.getObjectiveValue(),
            values: solution.colValue,
            ...(whole ? {} : { duals: solution.rowDual }),
            optimal,
          }
        },
      )
    },
  }
}
