export { decodeBlock } from './decoder.ts'
export { BlockEncoder, type BlockOptions } from './encoder.ts'
export { BLOCK, type BlockSection } from './format.ts'
export { rowProblem } from './rows-problem.ts'
