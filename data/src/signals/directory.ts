import type { MetricOwner, Resolution, SignalDirectory } from '@millwright/connectivity'
import type { SignalKind } from '@millwright/contracts'
import { type Bus, type Clock, isUnit, type MillwrightError, newId, unitConversion } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { classStore } from '../assets/store.ts'
import type { AssetTree } from '../assets/tree.ts'
import type { SignalCatalogue, SignalFacts } from './catalogue.ts'
import { signalErrors } from './errors.ts'
import { SignalInsertions } from './insertions.ts'

/** So that names made up per message cannot fill the platform. */
const SIGNALS_PER_DEVICE = 10_000
/** Of a connection's: as many nodes as one server may have. */
const SIGNALS_PER_CONNECTION = 100_000

export interface DirectoryOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly tree: AssetTree
  readonly catalogue: SignalCatalogue
}

/**
 * Turns (device, metric) into a signal. A metric of a device that serves equipment is that equipment's signal of the
 * same name, so that a replaced device goes on with the machine's history; otherwise the signal hangs on the device.
 */
export class Directory implements SignalDirectory {
  readonly #options: DirectoryOptions
  readonly #insertions: SignalInsertions
  readonly #known = new Map<string, Map<string, Resolution>>()

  constructor(options: DirectoryOptions) {
    this.#options = options
    this.#insertions = new SignalInsertions(options.database)
  }

  known(device: string, metric: string): Resolution | undefined {
    return this.#known.get(device)?.get(metric)
  }

  forget(device: string): void {
    this.#known.delete(device)
  }

  /** A changed signal may have another unit, place or kind: whoever knew it asks again. */
  forgetAll(): void {
    this.#known.clear()
  }

  /** A signal that is there already, whatever would be sent; never made. */
  find(owner: MetricOwner, metric: string): Resolution | undefined {
    const facts = this.#find(owner, metric)
    return facts === undefined ? undefined : judged(facts, metric, facts.kind, undefined)
  }

  async resolve(owner: MetricOwner, metric: string, kind: SignalKind, unit: string | undefined): Promise<Resolution> {
    const found = this.#find(owner, metric) ?? (await this.#create(owner, metric, kind, unit))
    const resolution = 'refused' in found ? found : judged(found, metric, kind, unit)
    // A wrong kind or unit is the message's fault, not the metric's: only what holds for the next message is kept.
    if ('signal' in resolution && unit === undefined) this.#keep(owner.device, metric, resolution)
    return resolution
  }

  #find(owner: MetricOwner, metric: string): SignalFacts | undefined {
    const { catalogue } = this.#options
    const { device, equipment, tenant } = owner
    const facts = (equipment === null ? catalogue.ofDevice(device) : catalogue.ofEquipment(equipment)).get(
      nameOf(owner, metric),
    )
    // Readings never leave the tenant of the device that sent them, whatever stands in the tables.
    return facts?.tenant === tenant ? facts : undefined
  }

  #keep(device: string, metric: string, resolution: Resolution): void {
    const metrics = this.#known.get(device) ?? new Map<string, Resolution>()
    this.#known.set(device, metrics.set(metric, resolution))
  }

  async #create(
    owner: MetricOwner,
    metric: string,
    kind: SignalKind,
    unit: string | undefined,
  ): Promise<SignalFacts | { refused: { code: string; reason: string } }> {
    const { bus, clock, catalogue } = this.#options
    const expected = await this.#expected(owner, metric)
    if (expected === undefined && owner.unknownMetrics === 'refuse') {
      return refusal(signalErrors.refused({ metric, device: owner.deviceName }))
    }
    const held = owner.equipment === null ? catalogue.ofDevice(owner.device) : catalogue.ofEquipment(owner.equipment)
    const limit = owner.connection === true ? SIGNALS_PER_CONNECTION : SIGNALS_PER_DEVICE
    if (held.size >= limit) {
      return refusal(signalErrors.tooMany({ metric, device: owner.deviceName, limit }))
    }
    const made = await this.#insertions.insert({
      id: newId('sig'),
      tenant: owner.tenant,
      name: nameOf(owner, metric),
      kind: expected?.kind ?? kind,
      unit: expected?.unit ?? (unit !== undefined && isUnit(unit) ? unit : '1'),
      description: expected?.description ?? '',
      equipment: owner.equipment,
      device: owner.device,
      min: expected?.min ?? null,
      max: expected?.max ?? null,
      simulated: owner.simulated,
      createdAt: clock.now(),
    })
    // Two messages may have asked at once: the first made it, the other finds it.
    if (made === undefined)
      return this.#find(owner, metric) ?? refusal(signalErrors.nameTaken({ name: nameOf(owner, metric) }))
    const facts = catalogue.set(made)
    await bus.publish({
      id: newId('evt'),
      type: 'millwright.signal.created',
      source: 'data/signals',
      subject: facts.id,
      tenant: facts.tenant,
      time: clock.now(),
      data: { signal: facts.id, equipment: facts.equipment, device: facts.device, name: facts.name },
    })
    return facts
  }

  /** What the equipment's class says of a signal of this name. */
  async #expected(owner: MetricOwner, metric: string) {
    const equipmentClass = owner.equipment === null ? null : this.#options.tree.get(owner.equipment)?.equipmentClass
    if (equipmentClass === null || equipmentClass === undefined) return undefined
    const found = await this.#options.database.tenant(owner.tenant, (sql) => classStore.get(sql, equipmentClass))
    return found?.signals.find((signal) => signal.name === nameOf(owner, metric))
  }
}

/** What the signal of a metric is called. */
const nameOf = ({ prefix }: MetricOwner, metric: string): string => (prefix === undefined ? metric : prefix + metric)

/** The signal, with the conversion from the sender's unit; or why this message's metric does not fit it. */
function judged(facts: SignalFacts, metric: string, kind: SignalKind, unit: string | undefined): Resolution {
  if (!fits(facts.kind, kind)) return refusal(signalErrors.kindDiffers({ metric, sent: kind, kind: facts.kind }))
  if (unit === undefined || unit === facts.unit) {
    return { signal: { key: facts.key, id: facts.id, kind: facts.kind, scale: 1, offset: 0 } }
  }
  const conversion = unitConversion(unit, facts.unit)
  if (conversion === undefined) return refusal(signalErrors.unitDiffers({ metric, sent: unit, unit: facts.unit }))
  return { signal: { key: facts.key, id: facts.id, kind: facts.kind, ...conversion } }
}

/** A switch may be sent as 0 and 1, and a number as true and false is what it is: 1 and 0. */
const fits = (kind: SignalKind, sent: SignalKind): boolean =>
  kind === sent || (kind === 'boolean' && sent === 'number') || (kind === 'number' && sent === 'boolean')

const refusal = (error: MillwrightError) => ({ refused: { code: error.code, reason: error.message } })
