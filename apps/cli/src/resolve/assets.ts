import type { Client, components } from '@millwright/sdk'
import { exactly, formatPath, parsePath, pathMatches, roughly } from '../input/path.ts'
import { readAll } from '../listing.ts'
import { text } from '../texts/text.ts'
import { ambiguous, isId, unknown } from './name.ts'

export type Asset = components['schemas']['Asset']

/** More unknown nodes than this are read as one tree rather than one by one. */
const ONE_BY_ONE = 8

/** The asset tree by names, as far as it was needed. */
export class AssetNames {
  readonly #client: Client
  readonly #known = new Map<string, Asset>()
  #whole = false

  constructor(client: Client) {
    this.#client = client
  }

  add(assets: Iterable<Asset>): void {
    for (const asset of assets) this.#known.set(asset.id, asset)
  }

  /** Paths of nodes by id; ids that are null or not to be seen have none. */
  async paths(ids: Iterable<string | null | undefined>): Promise<ReadonlyMap<string, string>> {
    const wanted = [...new Set(ids)].filter((id): id is string => id !== null && id !== undefined)
    await this.#load(wanted)
    await this.#load(wanted.flatMap((id) => this.#known.get(id)?.path ?? []))
    const paths = new Map<string, string>()
    for (const id of wanted) {
      const names = this.#namesOf(id)
      if (names !== undefined) paths.set(id, formatPath(names))
    }
    return paths
  }

  /** Names from the root to the node. */
  async names(asset: Asset): Promise<readonly string[]> {
    this.add([asset])
    await this.#load(asset.path)
    return this.#namesOf(asset.id) ?? [asset.name]
  }

  /** The node a person named by id or path; undefined when there is none. Errors: ambiguous. */
  async find(given: string): Promise<Asset | undefined> {
    if (isId('ast', given)) return this.#client.getAsset({ params: { id: given } })
    const path = parsePath(given)
    const last = path.names.at(-1)!
    const found = await readAll((page) => this.#client.listAssets({ query: { ...page, q: last } }))
    for (const same of [exactly, roughly]) {
      const named = found.filter(({ name }) => same(name, last))
      this.add(named)
      const full = await Promise.all(named.map((asset) => this.names(asset)))
      const fitting = named.filter((_, i) => pathMatches(path, full[i]!, same))
      const whole = named.filter((_, i) => pathMatches({ ...path, rooted: true }, full[i]!, same))
      if (whole.length === 1) return whole[0]!
      if (fitting.length === 1) return fitting[0]!
      if (fitting.length > 1) {
        const paths = await this.paths(fitting.map(({ id }) => id))
        throw ambiguous(
          text('kinds.asset'),
          given,
          fitting.map(({ id }) => `/${paths.get(id)}`),
        )
      }
    }
    return undefined
  }

  /** The node a person named. Errors: refused when there is none, with those that come near. */
  async get(given: string): Promise<Asset> {
    const asset = await this.find(given)
    if (asset !== undefined) return asset
    const last = parsePath(given).names.at(-1)!
    const { items } = await this.#client.listAssets({ query: { q: last, limit: 20 } })
    const near = await this.paths(items.map(({ id }) => id))
    throw unknown(text('kinds.asset'), given, [...near.values()])
  }

  async #load(ids: readonly string[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#known.has(id))
    if (missing.length === 0 || this.#whole) return
    if (missing.length > ONE_BY_ONE) {
      this.add(await readAll((page) => this.#client.listAssets({ query: page })))
      this.#whole = true
      return
    }
    // Nodes above a share or a grant are not to be seen: their names are left out.
    const loaded = await Promise.allSettled(missing.map((id) => this.#client.getAsset({ params: { id } })))
    this.add(loaded.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
  }

  #namesOf(id: string): string[] | undefined {
    const asset = this.#known.get(id)
    return asset?.path.flatMap((step) => this.#known.get(step)?.name ?? [])
  }
}
