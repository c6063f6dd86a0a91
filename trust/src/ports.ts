/** What trust asks of the stages above it; the server plugs them in. */
import type { Place } from './actor.ts'

/** Where a node hangs in its tenant's asset tree. Implemented by `data`. */
export interface AssetPaths {
  /** Node ids from the root down to and including the node, and its name; undefined when the tenant has no such node. */
  path(tenant: string, node: string): Promise<{ path: string[]; name: string } | undefined>
}

/** Which devices there are. Implemented by `connectivity`, which keeps them. */
export interface DevicePlaces {
  /** Looks through all tenants; undefined when there is no such device. Answered from memory where it can be. */
  place(device: string): Promise<DevicePlace | undefined>
}

export interface DevicePlace {
  readonly tenant: string
  readonly name: string
  /** Where its equipment hangs; an empty path when it serves none. */
  readonly place: Place
  /** A disabled device keeps its certificates but gets in with none of them. */
  readonly disabled: boolean
}
