import type { EquipmentClass } from '@millwright/contracts'
import { metricName, oneLine } from '../space/names.ts'
import { ucumOf } from '../values/units.ts'
import type { Child, Graph } from './graph.ts'
import { kindOfType } from './kinds.ts'
import { BASE, base, type Node } from './model.ts'

export type NodeSetClass = Pick<EquipmentClass, 'name' | 'description' | 'signals'>
type Signal = EquipmentClass['signals'][number]

/** Types that are no equipment: what is below them describes events, states, files and the server itself. */
const NOT_EQUIPMENT = new Set([2041, 11_163, 2307, 2310, 17_602, 2340, 77, 11_575, 2004, 2020, 2330, 15_620].map(base))
/** What a program shows of a part: no value of the machine. */
const UI_ELEMENT = base(6246)
const OPTIONAL = base(80)
const PLACEHOLDERS = new Set([base(11_508), base(11_510)])
const MAX_SIGNALS = 2000
const MAX_DEPTH = 12
/** Steps of one class: types may hold each other many times over. */
const MAX_STEPS = 20_000
const NAME = 120

/** Makes classes of the object types of these namespaces. */
export function classesOf(graph: Graph, namespaces: ReadonlySet<string>): { classes: NodeSetClass[]; notes: string[] } {
  const classes: NodeSetClass[] = []
  const notes: string[] = []
  let abstract = 0
  let empty = 0
  for (const node of graph.nodes.values()) {
    const uri = node.key.slice(0, node.key.lastIndexOf('|'))
    if (node.kind !== 'objectType' || uri === BASE || !namespaces.has(uri)) continue
    if (graph.supertypes(node.key).some((above) => NOT_EQUIPMENT.has(above))) continue
    if (node.abstract) {
      abstract++
      continue
    }
    const collector = new Collector(graph)
    collector.type(node.key, [], false)
    if (collector.signals.length === 0) empty++
    else classes.push(classOf(node, uri, collector))
    if (collector.cut) notes.push(`${node.name} has more variables than a class holds: ${MAX_SIGNALS} are taken.`)
  }
  if (abstract > 0) notes.push(`${abstract} abstract type(s) are left out: nothing is of them directly.`)
  if (empty > 0) notes.push(`${empty} type(s) without variables are left out.`)
  return { classes: withOwnNames(classes, notes), notes }
}

function classOf(node: Node, uri: string, { signals }: Collector): NodeSetClass & { uri: string } {
  const from = `From ${uri}.`
  const description = node.description === '' ? from : `${node.description.slice(0, 3500)} ${from}`
  return { name: oneLine(node.name).slice(0, NAME) || 'Type', description, signals, uri }
}

/** Two namespaces may have types of one name: the second carries where it is from. */
function withOwnNames(classes: NodeSetClass[], notes: string[]): NodeSetClass[] {
  const taken = new Set<string>()
  return classes.map((one) => {
    const { uri, ...rest } = one as NodeSetClass & { uri: string }
    let name = rest.name
    const tail = uri.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? uri
    for (let n = 1; taken.has(name); n++) {
      const mark = n === 1 ? ` (${tail.slice(0, 40)})` : ` (${tail.slice(0, 40)} ${n})`
      name = rest.name.slice(0, NAME - mark.length) + mark
    }
    if (name !== rest.name) notes.push(`There are two types ${rest.name}: one is called ${name}.`)
    taken.add(name)
    return { ...rest, name }
  })
}

/** Collects the variables of a type: its supertypes' first, then its own, parts within parts. */
class Collector {
  readonly signals: Signal[] = []
  cut = false
  readonly #graph: Graph
  readonly #at = new Map<string, number>()
  /** Types that are being walked: one that holds itself is entered once. */
  readonly #within: string[] = []
  #steps = 0

  constructor(graph: Graph) {
    this.#graph = graph
  }

  type(key: string, names: readonly string[], optional: boolean): void {
    if (this.#within.includes(key) || names.length > MAX_DEPTH) return
    this.#within.push(key)
    for (const one of [...this.#graph.supertypes(key).toReversed(), key]) {
      const node = this.#graph.nodes.get(one)
      for (const face of node === undefined ? [] : this.#graph.interfacesOf(node)) this.type(face, names, optional)
      this.#children(one, names, optional)
    }
    this.#within.pop()
  }

  #children(key: string, names: readonly string[], optional: boolean): void {
    for (const child of this.#graph.children(key)) this.#child(child, names, optional)
  }

  #child({ node, part }: Child, names: readonly string[], optional: boolean): void {
    if (part === 'property' || node.name === '' || names.length > MAX_DEPTH) return
    if (++this.#steps > MAX_STEPS) {
      this.cut = true
      return
    }
    const rule = this.#graph.ruleOf(node)
    // A placeholder stands for any number of parts whose names nobody knows yet.
    if (rule !== undefined && PLACEHOLDERS.has(rule)) return
    const below = [...names, node.name]
    const may = optional || rule === OPTIONAL
    const type = this.#graph.typeOf(node)
    if (type === UI_ELEMENT) return
    if (node.kind === 'variable') this.#variable(node, below, may)
    if (node.kind === 'object' && type !== undefined) this.type(type, below, may)
    for (const face of this.#graph.interfacesOf(node)) this.type(face, below, may)
    this.#children(node.key, below, may)
  }

  #variable(node: Node, names: readonly string[], optional: boolean): void {
    const signal = this.#signal(node, names, optional)
    const at = this.#at.get(signal.name)
    if (at !== undefined) {
      // A subtype says more of what its supertype has.
      this.signals[at] = { ...this.signals[at]!, ...signal }
    } else if (this.signals.length >= MAX_SIGNALS) {
      this.cut = true
    } else {
      this.#at.set(signal.name, this.signals.length)
      this.signals.push(signal)
    }
  }

  #signal(node: Node, names: readonly string[], optional: boolean): Signal {
    const type = this.#graph.typeOf(node)
    const dataType = node.dataType ?? this.#dataTypeOf(type)
    const { kind, unit } = kindOfType(this.#graph, dataType, node.valueRank)
    const told = this.#properties(node)
    const text = [node.description.slice(0, 3000), optional ? '(optional)' : ''].filter((part) => part !== '').join(' ')
    return {
      name: metricName(names),
      kind,
      unit: kind === 'number' ? (told.unit ?? unit) : '1',
      ...(text === '' ? {} : { description: text }),
      ...(kind === 'number' && told.min !== undefined ? { min: told.min } : {}),
      ...(kind === 'number' && told.max !== undefined ? { max: told.max } : {}),
    }
  }

  /** A variable without a data type has that of its type. */
  #dataTypeOf(type: string | undefined): string | undefined {
    for (const key of type === undefined ? [] : [type, ...this.#graph.supertypes(type)]) {
      const dataType = this.#graph.nodes.get(key)?.dataType
      if (dataType !== undefined) return dataType
    }
    return undefined
  }

  #properties(node: Node): { unit?: string; min?: number; max?: number } {
    const told: { unit?: string; min?: number; max?: number } = {}
    for (const { node: property, part } of this.#graph.children(node.key)) {
      const { value } = property
      if (part !== 'property' || value === undefined) continue
      if (property.name === 'EngineeringUnits') {
        const unitId = Number.isInteger(value.unitId) ? value.unitId! : 0
        const unit = ucumOf({ namespaceUri: value.namespaceUri ?? '', unitId, symbol: value.symbol ?? '' })
        if (unit !== undefined) told.unit = unit
      } else if (property.name === 'EURange' && Number.isFinite(value.low) && Number.isFinite(value.high)) {
        // Many files have 0 to 0 where nobody filled it in.
        if (value.low! < value.high!) Object.assign(told, { min: value.low, max: value.high })
      }
    }
    return told
  }
}
