import type { Platform } from '../ports.ts'
import type { LiveService } from '../scoring/live.ts'
import type { ServiceAccess } from '../services/access.ts'
import type { ServiceRow } from '../services/model.ts'
import type { Diverters } from './quality/diverters.ts'

/** What a kind's own operations may use. */
export interface KindOptions extends Platform {
  readonly diverters: Diverters
  /** Checks who may do what with a service or a piece of equipment. */
  readonly access: ServiceAccess
  /** A version as scoring gets it, with the bytes of its model; default: the live one, or else the newest that is ready. */
  model(row: ServiceRow, number?: number): Promise<LiveService>
}
