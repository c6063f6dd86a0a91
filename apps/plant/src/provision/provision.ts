import type { Client } from '@millwright/sdk'
import type { MachineModel } from '../core/machine.ts'
import { all, Ensure } from './ensure.ts'
import type { ProvisionRecord } from './record.ts'
import { type PlannedRule, RULES } from './rules.ts'
import { CONTROLLERS, MODELS, type PlannedNode, TREE } from './tree.ts'

export interface Provisioned {
  /** Machine name -> id of its device; devices that people removed are not in it. */
  readonly devices: ReadonlyMap<string, string>
  /** Machine name -> id of its equipment. */
  readonly equipment: ReadonlyMap<string, string>
  /** How many things were made now. */
  readonly made: number
}

/** What is set up: kinds of machines, and where they stand. */
export interface Works {
  readonly models: readonly MachineModel[]
  readonly tree: PlannedNode
}

/** Machines that send by a device of their own. */
const SENDING: ReadonlySet<string> = new Set(Object.values(CONTROLLERS).flat())

/**
 * Sets the demo works up through the public API: classes, tree, devices, rules. Only what is missing is made: a second
 * run changes nothing, and what people changed stays. Errors: ApiError of the operation that was refused.
 */
export async function provision(
  client: Client,
  record: ProvisionRecord,
  works: Works = { models: MODELS, tree: TREE },
): Promise<Provisioned> {
  const work = new Provisioning(client, record)
  const classes = await work.classes(works.models)
  const equipment = await work.nodes(works.tree, classes)
  const devices = await work.devices(equipment)
  await work.rules(classes)
  return { devices, equipment, made: work.made }
}

class Provisioning {
  readonly #client: Client
  readonly #ensure: Ensure

  constructor(client: Client, record: ProvisionRecord) {
    this.#client = client
    this.#ensure = new Ensure(record)
  }

  get made(): number {
    return this.#ensure.made
  }

  async classes(models: readonly MachineModel[]): Promise<Map<string, string>> {
    const present = await all((cursor) => this.#client.listClasses({ query: { limit: 1000, ...cursor } }))
    const ids = new Map<string, string>()
    for (const model of models) {
      const id = await this.#ensure.id('classes', model.name, {
        found: present.find((one) => one.name === model.name)?.id,
        make: async () => {
          const signals = model.signals.map(({ every: _, ...expected }) => expected)
          return (
            await this.#client.createClass({ body: { name: model.name, description: model.description, signals } })
          ).id
        },
      })
      ids.set(model.name, id)
    }
    return ids
  }

  /** @returns ids of the equipment by name */
  async nodes(tree: PlannedNode, classes: ReadonlyMap<string, string>): Promise<Map<string, string>> {
    const present = await all((cursor) => this.#client.listAssets({ query: { limit: 1000, ...cursor } }))
    const equipment = new Map<string, string>()
    const grow = async (node: PlannedNode, parent: string | null, path: string): Promise<void> => {
      const key = `${path}/${node.name}`
      const id = await this.#ensure.id('nodes', key, {
        found: present.find((one) => one.parent === parent && one.name === node.name && !one.shared)?.id,
        make: async () => (await this.#client.createAsset({ body: bodyOf(node, parent, classes) })).id,
      })
      // Below a node that people removed nothing is made.
      if (!this.#ensure.fresh(id) && !present.some((one) => one.id === id)) return
      if (node.level === 'equipment') equipment.set(node.name, id)
      for (const child of node.children ?? []) await grow(child, id, key)
    }
    await grow(tree, null, '')
    return equipment
  }

  async devices(equipment: ReadonlyMap<string, string>): Promise<Map<string, string>> {
    const present = await all((cursor) => this.#client.listDevices({ query: { limit: 1000, ...cursor } }))
    const ids = new Map<string, string>()
    for (const [name, node] of equipment) {
      if (!SENDING.has(name)) continue
      const id = await this.#ensure.id('devices', name, {
        found: present.find((one) => one.name === name && one.simulated)?.id,
        make: async () => {
          const body = { name, equipment: node, simulated: true, metadata: { source: 'simulated plant' } }
          return (await this.#client.createDevice({ body })).id
        },
      })
      if (this.#ensure.fresh(id) || present.some((one) => one.id === id)) ids.set(name, id)
    }
    return ids
  }

  async rules(classes: ReadonlyMap<string, string>): Promise<void> {
    const present = await all((cursor) => this.#client.listRules({ query: { limit: 1000, ...cursor } }))
    for (const rule of RULES) {
      await this.#ensure.id('rules', rule.name, {
        found: present.find((one) => one.name === rule.name)?.id,
        make: async () => (await this.#client.createRule({ body: ruleBody(rule, classes) })).id,
      })
    }
  }
}

function bodyOf(node: PlannedNode, parent: string | null, classes: ReadonlyMap<string, string>) {
  return {
    name: node.name,
    level: node.level,
    parent,
    description: node.description ?? '',
    metadata: { ...node.metadata, simulated: 'yes' },
    ...(node.model === undefined ? {} : { equipmentClass: classes.get(node.model)! }),
    ...(node.position === undefined ? {} : { position: { ...node.position } }),
  }
}

function ruleBody({ model, ...rule }: PlannedRule, classes: ReadonlyMap<string, string>) {
  return { ...rule, equipmentClass: classes.get(model)!, description: 'Set up with the simulated plant' }
}
