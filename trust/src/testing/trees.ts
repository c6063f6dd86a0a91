import type { AssetPaths, DevicePlace, DevicePlaces } from '../ports.ts'

/** An asset tree for tests: node -> its path (ids from the root, itself the last) in one tenant. */
export class TestTree implements AssetPaths {
  readonly #nodes = new Map<string, { tenant: string; path: string[]; name: string }>()

  /** @returns the node's id */
  add(tenant: string, node: string, parent?: string, name: string = node): string {
    const above = parent === undefined ? [] : (this.#nodes.get(parent)?.path ?? [])
    this.#nodes.set(node, { tenant, path: [...above, node], name })
    return node
  }

  remove(node: string): void {
    this.#nodes.delete(node)
  }

  async path(tenant: string, node: string): Promise<{ path: string[]; name: string } | undefined> {
    const found = this.#nodes.get(node)
    return found === undefined || found.tenant !== tenant ? undefined : { path: found.path, name: found.name }
  }
}

/** Devices for tests. */
export class TestDevices implements DevicePlaces {
  readonly #devices = new Map<string, DevicePlace>()

  add(tenant: string, device: string, path: readonly string[] = [], name: string = device): string {
    this.#devices.set(device, { tenant, name, place: { tenant, path }, disabled: false })
    return device
  }

  change(device: string, change: Partial<DevicePlace>): void {
    const known = this.#devices.get(device)
    if (known !== undefined) this.#devices.set(device, { ...known, ...change })
  }

  remove(device: string): void {
    this.#devices.delete(device)
  }

  async place(device: string): Promise<DevicePlace | undefined> {
    return this.#devices.get(device)
  }
}
