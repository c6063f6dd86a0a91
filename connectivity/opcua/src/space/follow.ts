import { matches, type PathPattern, parsePattern } from '../address/pattern.ts'
import { formatNodeRef, type NodeRef } from '../address/target.ts'
import type { ConfigRule } from '../config.ts'
import type { Services } from '../session/services.ts'
import { keyOf, toNodeId } from './node-ids.ts'
import { CLASS, forward, type Met, metAll, REFERENCE } from './references.ts'
import { resolveTarget } from './resolve.ts'

/** A variable that a rule found. */
export interface Found {
  readonly ref: NodeRef
  readonly key: string
  /** Browse names below the folder. */
  readonly names: readonly string[]
  readonly properties: readonly Met[]
}

/** Bounds on one rule: an address space may hold itself, or be made up as it is browsed. */
const MAX_DEPTH = 32
const MAX_NODES = 400_000
const MAX_FOUND = 100_000
const INVERSE = 1
const VARIABLE = 2

/** What the rules of a connection find on a server; types are asked once. */
export class Follower {
  readonly #services: Services
  /** Type -> it and what it is a subtype of, as keys and browse names. */
  readonly #lineages = new Map<string, Promise<ReadonlySet<string>>>()

  constructor(services: Services) {
    this.#services = services
  }

  /**
   * Every variable below the rule's folder that it means, in the order of the address space.
   * @returns `cut` when the bounds ended it
   */
  async find(rule: ConfigRule): Promise<{ found: Found[]; cut: boolean }> {
    const pattern = rule.match === undefined ? undefined : parsePattern(rule.match)
    const folder = await resolveTarget(this.#services, rule.folder)
    const seen = new Set<string>([formatNodeRef(folder)])
    const found: Found[] = []
    let level: Branch[] = [{ ref: folder, names: [], inside: rule.type === undefined, self: undefined }]
    for (let depth = 0; level.length > 0 && depth < MAX_DEPTH; depth++) {
      const next: Branch[] = []
      for (const { branch, children } of await this.#children(level)) {
        this.#take(branch, children, pattern, found)
        for (const child of children) {
          if (child.property && rule.properties !== true) continue
          if (seen.has(child.key)) continue
          seen.add(child.key)
          const ofType = rule.type !== undefined && (await this.#isOf(child.type, rule.type))
          next.push({
            ref: child.ref,
            names: [...branch.names, child.name],
            inside: branch.inside || ofType,
            self: child.nodeClass === VARIABLE ? child.key : undefined,
          })
        }
        if (seen.size > MAX_NODES || found.length > MAX_FOUND) return { found: found.slice(0, MAX_FOUND), cut: true }
      }
      level = next
    }
    return { found, cut: level.length > 0 }
  }

  #take(branch: Branch, children: readonly Met[], pattern: PathPattern | undefined, found: Found[]): void {
    if (branch.self === undefined || !branch.inside) return
    if (pattern !== undefined && !matches(pattern, branch.names)) return
    const properties = children.filter(({ property }) => property)
    found.push({ ref: branch.ref, key: branch.self, names: branch.names, properties })
  }

  async #children(level: readonly Branch[]): Promise<{ branch: Branch; children: Met[] }[]> {
    const { library } = this.#services
    const mask = CLASS.object | CLASS.variable
    const browsed = await this.#services.browse(
      level.map(({ ref }) => forward(library, toNodeId(library, ref), REFERENCE.hierarchical, mask)),
    )
    return level.map((branch, at) => ({ branch, children: metAll(browsed[at]) }))
  }

  async #isOf(type: string | undefined, wanted: string): Promise<boolean> {
    if (type === undefined) return false
    return (await this.#lineage(type)).has(wanted.includes('=') ? await this.#keyOf(wanted) : wanted)
  }

  async #keyOf(text: string): Promise<string> {
    return formatNodeRef(await resolveTarget(this.#services, text))
  }

  #lineage(type: string): Promise<ReadonlySet<string>> {
    const known = this.#lineages.get(type)
    if (known !== undefined) return known
    const asked = this.#askLineage(type)
    this.#lineages.set(type, asked)
    return asked
  }

  async #askLineage(type: string): Promise<ReadonlySet<string>> {
    const { library } = this.#services
    const line = new Set<string>()
    const mask = CLASS.objectType | CLASS.variableType
    const BROWSE_NAME = 3
    let ref = await resolveTarget(this.#services, type)
    for (let depth = 0; depth < 32; depth++) {
      const nodeId = toNodeId(library, ref)
      const key = keyOf(nodeId)
      if (key === undefined || line.has(key)) break
      line.add(key)
      const [name] = await this.#services.read([{ nodeId, attributeId: BROWSE_NAME }])
      const text: unknown = (name?.value?.value as { name?: unknown } | null)?.name
      if (typeof text === 'string') line.add(text)
      const [above] = await this.#services.browse([forward(library, nodeId, REFERENCE.hasSubtype, mask, INVERSE)])
      const [parent] = metAll(above)
      if (parent === undefined) break
      ref = parent.ref
    }
    return line
  }
}

interface Branch {
  readonly ref: NodeRef
  readonly names: readonly string[]
  /** Below an object of the type, or itself of it; without a type always. */
  readonly inside: boolean
  /** Its key, when it is a variable. */
  readonly self: string | undefined
}
