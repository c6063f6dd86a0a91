import { MillwrightError } from '@millwright/foundation'
import { formatNodeRef, type NodeRef, withUri } from '../address/target.ts'
import type { ConfigNode, Settings } from '../config.ts'
import type { Services } from '../session/services.ts'
import type { Meaning } from '../values/convert.ts'
import { DataTypes } from './data-types.ts'
import { type Asked, type Description, describe } from './describe.ts'
import { Follower } from './follow.ts'
import { metricName, UniqueNames } from './names.ts'
import { toNodeId } from './node-ids.ts'
import { resolveTarget } from './resolve.ts'

/** A variable that is subscribed to. */
export interface Point {
  /** By namespace URI: the same after the server restarted with other indices. */
  readonly key: string
  readonly ref: NodeRef
  readonly meaning: Meaning
  readonly description: Description
  /** ms; undefined: as often as it is published. */
  readonly samplingInterval: number | undefined
  readonly queueSize: number | undefined
  readonly deadband: number | undefined
}

export interface Points {
  readonly points: readonly Point[]
  /** What could not be found or is too much, in words. */
  readonly missing: readonly string[]
}

type Sampling = Pick<ConfigNode, 'samplingInterval' | 'queueSize' | 'deadband' | 'sampleRate'>
interface Candidate extends Asked {
  readonly key: string
  readonly wanted: string
  readonly shown: string
  readonly how: Sampling
}

const BROWSE_NAME = 3

/** Looks up on this server what is configured, names it and asks what it is. */
export async function findPoints(services: Services, settings: Settings): Promise<Points> {
  const missing: string[] = []
  const candidates = [...(await picked(services, settings, missing)), ...(await followed(services, settings, missing))]
  const distinct = [...new Map(candidates.toReversed().map((one) => [one.key, one])).values()].toReversed()
  const descriptions = await describe(services, new DataTypes(services), distinct)
  const names = new UniqueNames()
  const points: Point[] = []
  for (const [at, candidate] of distinct.entries()) {
    const description = descriptions[at]
    if (description === undefined || !description.readable) {
      missing.push(
        description === undefined ? `${candidate.shown} is no variable` : `${candidate.shown} may not be read`,
      )
      continue
    }
    const { samplingInterval, queueSize, deadband, sampleRate } = candidate.how
    points.push({
      key: candidate.key,
      ref: candidate.ref,
      meaning: {
        metric: names.name(candidate.wanted, candidate.key),
        unit: description.unit,
        states: description.states,
        sampleRate,
      },
      description,
      samplingInterval,
      queueSize,
      deadband,
    })
  }
  return { points, missing }
}

async function picked(services: Services, settings: Settings, missing: string[]): Promise<Candidate[]> {
  const found: { node: ConfigNode; ref: NodeRef }[] = []
  for (const node of settings.nodes) {
    const ref = await resolved(services, node.node, missing)
    if (ref !== undefined) found.push({ node, ref })
  }
  const unnamed = found.filter(({ node }) => node.metric === undefined)
  const read = await services.read(
    unnamed.map(({ ref }) => ({ nodeId: toNodeId(services.library, ref), attributeId: BROWSE_NAME })),
  )
  const names = new Map(unnamed.map(({ node }, at) => [node, read[at]?.value?.value as { name?: unknown } | null]))
  const candidates = found.map(({ node, ref }) => {
    const name = names.get(node)?.name
    return {
      ref,
      key: formatNodeRef(withUri(ref, services.namespaces)),
      wanted: node.metric ?? metricName([typeof name === 'string' && name !== '' ? name : ref.identifier]),
      shown: node.node,
      how: node,
      named: node.metric !== undefined,
    }
  })
  // Names that a person gave are theirs: the others make way.
  return [...candidates.filter(({ named }) => named), ...candidates.filter(({ named }) => !named)]
}

async function followed(services: Services, settings: Settings, missing: string[]): Promise<Candidate[]> {
  const candidates: Candidate[] = []
  const follower = new Follower(services)
  for (const rule of settings.rules) {
    const { found, cut } = await attempt(() => follower.find(rule), rule.folder, missing, { found: [], cut: false })
    if (cut) missing.push(`${rule.folder} holds more than is followed`)
    for (const { ref, names, properties } of found) {
      candidates.push({
        ref,
        key: formatNodeRef(withUri(ref, services.namespaces)),
        wanted: metricName(names, rule.prefix),
        shown: names.join('/'),
        how: rule,
        properties,
      })
    }
  }
  return candidates
}

const resolved = (services: Services, text: string, missing: string[]): Promise<NodeRef | undefined> =>
  attempt<NodeRef | undefined>(() => resolveTarget(services, text), text, missing, undefined)

/** What the server does not have is said, and the rest goes on; what the link has is not for here. */
async function attempt<T>(work: () => Promise<T>, shown: string, missing: string[], otherwise: T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error
    missing.push(error.status === 404 ? `${shown} is not there` : error.message)
    return otherwise
  }
}
