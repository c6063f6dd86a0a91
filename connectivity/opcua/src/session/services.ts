import type {
  BrowseDescriptionOptions,
  BrowseNextResponse,
  BrowsePathResult,
  BrowseResponse,
  BrowseResult,
  DataValue,
  ReadResponse,
  ReadValueIdOptions,
  ReferenceDescription,
  TranslateBrowsePathsToNodeIdsResponse,
} from 'node-opcua-client'
import type { Library } from '../library.ts'
import { type Exchange, ServiceFailure } from './exchange.ts'

/** Where a path starts and its names (Part 4, 7.6). */
export type PathOptions = NonNullable<ConstructorParameters<Library['BrowsePath']>[0]>

/** What one request may hold (Part 5, 6.3.11): the server's own limits, and ours where it names none. */
export interface OperationLimits {
  readonly read: number
  readonly write: number
  readonly call: number
  readonly browse: number
  readonly translate: number
  readonly monitor: number
  readonly history: number
}

/** More in one request makes answers that take long to put together, on both sides. */
const OURS: OperationLimits = {
  read: 1000,
  write: 500,
  call: 100,
  browse: 200,
  translate: 200,
  monitor: 1000,
  history: 100,
}
const LIMIT_NODES: Readonly<Record<keyof OperationLimits, number>> = {
  read: 11_705,
  write: 11_707,
  call: 11_709,
  browse: 11_710,
  translate: 11_712,
  monitor: 11_714,
  history: 12_165,
}
const VALUE = 13
const NAMESPACES = 2255
/** References taken of one node: what a server says beyond is not followed. */
const MAX_REFERENCES = 100_000

/** The services of Part 4 that this adapter uses, in requests of a size that the server takes. */
export class Services {
  readonly library: Library
  readonly exchange: Exchange
  readonly namespaces: readonly string[]
  readonly limits: OperationLimits

  private constructor(library: Library, exchange: Exchange, namespaces: readonly string[], limits: OperationLimits) {
    this.library = library
    this.exchange = exchange
    this.namespaces = namespaces
    this.limits = limits
  }

  /** Reads the server's namespaces and limits first. */
  static async on(library: Library, exchange: Exchange): Promise<Services> {
    const values = async (nodes: readonly number[]) => {
      const nodesToRead = nodes.map((id) => ({ nodeId: `i=${id}`, attributeId: VALUE }))
      const { results } = await exchange<ReadResponse>(new library.ReadRequest({ nodesToRead }))
      return nodes.map((_, at) => results?.[at]?.value?.value as unknown)
    }
    // How many may be read at once is read before more are.
    const [list, most] = await values([NAMESPACES, LIMIT_NODES.read])
    const namespaces = Array.isArray(list) ? list.slice(0, 10_000).map(String) : []
    const limits = { ...OURS, read: limited(OURS.read, most) }
    const names = (Object.keys(OURS) as (keyof OperationLimits)[]).filter((name) => name !== 'read')
    for (let at = 0; at < names.length; at += limits.read) {
      const part = names.slice(at, at + limits.read)
      const said = await values(part.map((name) => LIMIT_NODES[name]))
      for (const [index, name] of part.entries()) limits[name] = limited(OURS[name], said[index])
    }
    return new Services(library, exchange, namespaces, limits)
  }

  /** Attributes in the order asked; a server that answers with another number of results is refused. */
  async read(nodesToRead: readonly ReadValueIdOptions[]): Promise<DataValue[]> {
    const { ReadRequest } = this.library
    return inParts(nodesToRead, this.limits.read, 'Read', async (part) => {
      // TimestampsToReturn.Both
      const request = new ReadRequest({ nodesToRead: part, timestampsToReturn: 2, maxAge: 0 })
      return (await this.exchange<ReadResponse>(request)).results
    })
  }

  /** The value attribute of nodes. */
  readValues(nodes: readonly string[]): Promise<DataValue[]> {
    return this.read(nodes.map((nodeId) => ({ nodeId, attributeId: VALUE })))
  }

  /** All references of each node, continuation points followed; undefined: the node cannot be browsed. */
  async browse(descriptions: readonly BrowseDescriptionOptions[]): Promise<(ReferenceDescription[] | undefined)[]> {
    return ahead(descriptions, this.limits.browse, async (part) => {
      const results = await this.#browsePart(part)
      const all: (ReferenceDescription[] | undefined)[] = []
      for (const result of results) all.push(await this.#rest(result))
      // Servers hold few open ends: what was left out for that is asked for by itself, now that the others' are read.
      for (const [at, { statusCode }] of results.entries()) {
        if (statusCode.name !== 'BadNoContinuationPoints') continue
        const [alone] = await this.#browsePart([part[at]!])
        all[at] = await this.#rest(alone!)
      }
      return all
    })
  }

  /** Only whether each node has any such reference. */
  async hasAny(descriptions: readonly BrowseDescriptionOptions[]): Promise<boolean[]> {
    const all: boolean[] = []
    for (let at = 0; at < descriptions.length; at += this.limits.browse) {
      const results = await this.#browsePart(descriptions.slice(at, at + this.limits.browse), 1)
      await this.#release(results)
      for (const { references, statusCode } of results) {
        // Without a place to go on from nothing is told, but there is something.
        all.push((references?.length ?? 0) > 0 || statusCode.name === 'BadNoContinuationPoints')
      }
    }
    return all
  }

  /**
   * One page of a node's references: `skip` are passed over, as continuation points do not outlive a session.
   * @returns undefined when the node cannot be browsed
   */
  async browsePage(
    description: BrowseDescriptionOptions,
    skip: number,
    limit: number,
  ): Promise<{ references: ReferenceDescription[]; more: boolean } | undefined> {
    const [first] = await this.#browsePart([description], skip === 0 ? limit : Math.min(10_000, skip + limit))
    let result = first!
    if (!result.statusCode.isGoodish()) return undefined
    const references: ReferenceDescription[] = []
    for (let seen = 0; ; ) {
      for (const reference of result.references ?? []) {
        if (seen++ >= skip && references.length < limit) references.push(reference)
      }
      const more = (result.continuationPoint?.length ?? 0) > 0
      if (!more) return { references, more: seen > skip + references.length }
      if (references.length === limit || seen > MAX_REFERENCES) {
        await this.#release([result])
        return { references, more: true }
      }
      result = await this.#next(result)
    }
  }

  async translate(paths: readonly PathOptions[]): Promise<BrowsePathResult[]> {
    const { TranslateBrowsePathsToNodeIdsRequest: Translate } = this.library
    return inParts(paths, this.limits.translate, 'TranslateBrowsePathsToNodeIds', async (part) => {
      const request = new Translate({ browsePaths: part })
      return (await this.exchange<TranslateBrowsePathsToNodeIdsResponse>(request)).results
    })
  }

  async #browsePart(nodesToBrowse: readonly BrowseDescriptionOptions[], most = 1000): Promise<BrowseResult[]> {
    const request = new this.library.BrowseRequest({
      nodesToBrowse: [...nodesToBrowse],
      requestedMaxReferencesPerNode: most,
    })
    const { results } = await this.exchange<BrowseResponse>(request)
    if (results?.length !== nodesToBrowse.length) throw new ServiceFailure('Browse', 'BadUnknownResponse')
    return results
  }

  async #rest(first: BrowseResult): Promise<ReferenceDescription[] | undefined> {
    if (!first.statusCode.isGoodish()) return undefined
    const references = [...(first.references ?? [])]
    let result = first
    while ((result.continuationPoint?.length ?? 0) > 0) {
      // A server that goes on for ever, or gives empty pages, is not followed.
      if (references.length > MAX_REFERENCES || (result !== first && (result.references?.length ?? 0) === 0)) {
        await this.#release([result])
        break
      }
      result = await this.#next(result)
      for (const reference of result.references ?? []) references.push(reference)
    }
    return references
  }

  async #next({ continuationPoint }: BrowseResult): Promise<BrowseResult> {
    const request = new this.library.BrowseNextRequest({ continuationPoints: [continuationPoint] })
    const { results } = await this.exchange<BrowseNextResponse>(request)
    const result = results?.[0]
    if (result === undefined) throw new ServiceFailure('BrowseNext', 'BadUnknownResponse')
    return result
  }

  async #release(results: readonly BrowseResult[]): Promise<void> {
    const continuationPoints = results
      .map(({ continuationPoint }) => continuationPoint)
      .filter((point) => (point?.length ?? 0) > 0)
    if (continuationPoints.length === 0) return
    const request = new this.library.BrowseNextRequest({ continuationPoints, releaseContinuationPoints: true })
    await this.exchange(request)
  }
}

/** 0 and nothing mean that the server names no limit. */
const limited = (ours: number, said: unknown): number =>
  typeof said === 'number' && said >= 1 ? Math.min(ours, Math.floor(said)) : ours

/** Asks in parts; the answers of all, one for each question. */
export function inParts<Q, A>(
  questions: readonly Q[],
  size: number,
  service: string,
  ask: (part: Q[]) => Promise<readonly A[] | null | undefined>,
): Promise<A[]> {
  return ahead(questions, size, async (part) => {
    const given = await ask(part)
    if (given?.length !== part.length) throw new ServiceFailure(service, 'BadUnknownResponse')
    return given
  })
}

/** Does the work in parts, the next begun before the last is done: server and client work at the same time. */
async function ahead<Q, A>(
  questions: readonly Q[],
  size: number,
  work: (part: Q[]) => Promise<readonly A[]>,
): Promise<A[]> {
  const answers: A[] = []
  const begin = (at: number): Promise<readonly A[]> | undefined => {
    if (at >= questions.length) return undefined
    const part = work(questions.slice(at, at + size))
    // Should the one before fail, nobody waits for this one.
    part.catch(() => {})
    return part
  }
  let current = begin(0)
  for (let at = size; current !== undefined; at += size) {
    const next = begin(at)
    for (const answer of await current) answers.push(answer)
    current = next
  }
  return answers
}
