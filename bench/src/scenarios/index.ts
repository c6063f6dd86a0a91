import type { Scenario } from '../scenario.ts'
import { fleet } from './fleet.ts'
import { footprint } from './footprint.ts'
import { history } from './history.ts'
import { ingest } from './ingest.ts'
import { latency } from './latency.ts'

/** Every bench, in the order of the README's table. */
export const scenarios: readonly Scenario[] = [ingest, latency, history, fleet, footprint]
