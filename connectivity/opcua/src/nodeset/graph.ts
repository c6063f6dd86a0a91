import { base, type Node, type NodeSet } from './model.ts'
import { PARENT } from './parse.ts'

const HAS_SUBTYPE = base(45)
const HAS_TYPE = base(40)
const MODELLING_RULE = base(37)
const HAS_INTERFACE = base(17_603)
/** Reference types that make something a part, and which one they come down to. */
const PARTS: Readonly<Record<string, Part>> = {
  [base(46)]: 'property',
  [base(47)]: 'component',
  [base(49)]: 'component',
  [base(35)]: 'component',
  [base(17_604)]: 'component',
  [PARENT]: 'component',
}
type Part = 'component' | 'property'
const DEPTH = 64

export interface Child {
  readonly node: Node
  readonly part: Part
}

/** All nodes of all files, with what hangs on what. */
export class Graph {
  readonly nodes = new Map<string, Node>()
  readonly #children = new Map<string, Map<string, Child>>()
  readonly #supertypes = new Map<string, string>()

  constructor(sets: readonly NodeSet[]) {
    for (const { nodes } of sets) for (const node of nodes) this.nodes.set(node.key, node)
    for (const node of this.nodes.values()) {
      for (const { type, target, forward } of node.references) {
        if (type !== HAS_SUBTYPE) continue
        if (forward) this.#supertypes.set(target, node.key)
        else this.#supertypes.set(node.key, target)
      }
    }
    for (const node of this.nodes.values()) this.#hang(node)
  }

  /** The types a type is made from, nearest first, without itself. */
  supertypes(key: string): string[] {
    const line: string[] = []
    for (let at = this.#supertypes.get(key); at !== undefined && line.length < DEPTH; at = this.#supertypes.get(at)) {
      if (line.includes(at)) break
      line.push(at)
    }
    return line
  }

  children(key: string): Child[] {
    return [...(this.#children.get(key)?.values() ?? [])]
  }

  typeOf(node: Node): string | undefined {
    return node.references.find(({ type, forward }) => type === HAS_TYPE && forward)?.target
  }

  interfacesOf(node: Node): string[] {
    return node.references.filter(({ type, forward }) => type === HAS_INTERFACE && forward).map(({ target }) => target)
  }

  /** Mandatory, Optional, MandatoryPlaceholder, OptionalPlaceholder: their node; undefined: none is said. */
  ruleOf(node: Node): string | undefined {
    return node.references.find(({ type, forward }) => type === MODELLING_RULE && forward)?.target
  }

  #hang(node: Node): void {
    for (const { type, target, forward } of node.references) {
      const part = this.#partOf(type)
      if (part === undefined) continue
      const child = forward ? this.nodes.get(target) : node
      const parent = forward ? node.key : target
      if (child === undefined || (child.kind !== 'object' && child.kind !== 'variable')) continue
      const known = this.#children.get(parent) ?? new Map<string, Child>()
      this.#children.set(parent, known)
      // What only the parent's id says is overruled by a reference that says how.
      const before = known.get(child.key)
      if (before === undefined || type !== PARENT) known.set(child.key, { node: child, part })
    }
  }

  #partOf(type: string): Part | undefined {
    const direct = PARTS[type]
    if (direct !== undefined) return direct
    for (const above of this.supertypes(type)) if (PARTS[above] !== undefined) return PARTS[above]
    return undefined
  }
}
