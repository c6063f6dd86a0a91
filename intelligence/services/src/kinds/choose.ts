import type { Candidate } from './kind.ts'

/** Names of all signals that are measured as numbers: what services write themselves would only echo what they heard. */
export const numbersOf = (candidates: readonly Candidate[]): string[] =>
  candidates
    .filter(({ kind, computed }) => !computed && (kind === 'number' || kind === 'boolean'))
    .map(({ name }) => name)
