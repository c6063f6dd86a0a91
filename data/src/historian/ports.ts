import type { SignalFacts } from '../signals/catalogue.ts'

/** What the historian asks of the signals service: every signal of every tenant, from memory. */
export interface HistorianSignals {
  byKey(key: number): SignalFacts | undefined
  byId(id: string): SignalFacts | undefined
  /** All signals at and below a node, whoever may read them: the caller checks. */
  under(node: string): Iterable<SignalFacts>
  /** All signals of a tenant. */
  ofTenant(tenant: string): Iterable<SignalFacts>
}
