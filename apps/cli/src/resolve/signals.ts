import type { Client, components } from '@millwright/sdk'
import { refused } from '../errors.ts'
import { exactly, formatPath, parsePath, pathMatches, roughly } from '../input/path.ts'
import { readAll } from '../listing.ts'
import { text } from '../texts/text.ts'
import type { AssetNames } from './assets.ts'
import { ambiguous, isId, unknown } from './name.ts'

export type Signal = components['schemas']['Signal']

/** Signals by the names people give them. */
export class SignalNames {
  readonly #client: Client
  readonly #assets: AssetNames
  readonly #devices = new Map<string, Promise<string>>()

  constructor(client: Client, assets: AssetNames) {
    this.#client = client
    this.#assets = assets
  }

  /** `Site/Line/P-101/temperature`; of a signal without equipment, its device's name and its own. */
  async paths(signals: readonly Signal[]): Promise<ReadonlyMap<string, string>> {
    const full = await this.#full(signals)
    return new Map(signals.map((signal, i) => [signal.id, formatPath(full[i]!)]))
  }

  /** One signal, by id or path. Errors: refused when there is none, wrong usage when several fit. */
  async one(given: string): Promise<Signal> {
    if (isId('sig', given)) return this.#client.getSignal({ params: { id: given } })
    const found = await this.#named(given)
    if (found.length === 1) return found[0]!
    if (found.length > 1) throw await this.#ambiguous(given, found)
    const last = parsePath(given).names.at(-1)!
    const { items } = await this.#client.listSignals({ query: { q: last, limit: 20 } })
    throw unknown(text('kinds.signal'), given, [...(await this.paths(items)).values()])
  }

  /** All that the targets name: a signal; a machine or any node, for all at and below it; `P-101/vib*`. Each once, in order. */
  async many(targets: readonly string[]): Promise<readonly Signal[]> {
    const found = new Map<string, Signal>()
    for (const target of targets) for (const signal of await this.#target(target)) found.set(signal.id, signal)
    return [...found.values()]
  }

  async #target(given: string): Promise<readonly Signal[]> {
    if (isId('sig', given)) return [await this.one(given)]
    const { names } = parsePath(given)
    const last = names.at(-1)!
    if (last.includes('*')) return this.#below(given, names, last)
    const asset = await this.#assets.find(given)
    const signals = isId('ast', given) ? [] : await this.#named(given)
    if (asset !== undefined && signals.length > 0) throw await this.#ambiguous(given, signals)
    if (asset === undefined) return [signals.length === 1 ? signals[0]! : await this.one(given)]
    const below = await this.#under(asset.id)
    if (below.length === 0) throw refused(text('resolve.noSignals', { given }))
    return below
  }

  async #below(given: string, names: readonly string[], pattern: string): Promise<readonly Signal[]> {
    const all =
      names.length === 1
        ? await readAll((page) => this.#client.listSignals({ query: page }))
        : await this.#under((await this.#assets.get(formatPath(names.slice(0, -1)))).id)
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    const matches = new RegExp(`^${parts.join('.*')}$`, 'i')
    const found = all.filter(({ name }) => matches.test(name))
    if (found.length === 0) throw refused(text('resolve.noSignals', { given }))
    return found
  }

  #under(node: string): Promise<readonly Signal[]> {
    return readAll((page) => this.#client.listSignals({ query: { ...page, under: node } }))
  }

  /** Signals whose path ends as given. A signal's own name may hold slashes: its path is compared as one text's parts. */
  async #named(given: string): Promise<readonly Signal[]> {
    const path = parsePath(given)
    const last = path.names.at(-1)!
    const found = await readAll((page) => this.#client.listSignals({ query: { ...page, q: last } }))
    const full = (await this.#full(found)).map((names) => names.flatMap((name) => name.split('/')))
    const parts = { ...path, names: path.names.flatMap((name) => name.split('/')) }
    for (const same of [exactly, roughly]) {
      const fitting = found.filter((_, i) => pathMatches(parts, full[i]!, same))
      const whole = found.filter((_, i) => pathMatches({ ...parts, rooted: true }, full[i]!, same))
      if (whole.length === 1) return whole
      if (fitting.length > 0) return fitting
    }
    return []
  }

  async #full(signals: readonly Signal[]): Promise<readonly (readonly string[])[]> {
    const paths = await this.#assets.paths(signals.map(({ equipment }) => equipment))
    return Promise.all(
      signals.map(async (signal) => {
        const place = signal.equipment === null ? undefined : paths.get(signal.equipment)
        if (place !== undefined) return [...parsePath(place).names, signal.name]
        if (signal.equipment !== null) return [signal.equipmentName ?? '', signal.name].filter((name) => name !== '')
        return signal.device === null ? [signal.name] : [await this.#deviceName(signal.device), signal.name]
      }),
    )
  }

  /** The device's name, or its id when it is gone or not to be seen: its signals stay. */
  #deviceName(id: string): Promise<string> {
    const known = this.#devices.get(id)
    if (known !== undefined) return known
    const name = this.#client.getDevice({ params: { id } }).then(
      (device) => device.name,
      () => id,
    )
    this.#devices.set(id, name)
    return name
  }

  async #ambiguous(given: string, signals: readonly Signal[]): Promise<Error> {
    return ambiguous(text('kinds.signal'), given, [...(await this.paths(signals)).values()])
  }
}
