import type { Scenario } from '../scenario.ts'
import { ingest } from './ingest.ts'

/** Every bench, in the order of the README's table. */
export const scenarios: readonly Scenario[] = [ingest]
