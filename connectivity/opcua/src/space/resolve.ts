import { type NodeRef, type PathStep, parseTarget, withIndex } from '../address/target.ts'
import { opcuaErrors } from '../errors.ts'
import type { PathOptions, Services } from '../session/services.ts'
import { refOf, toNodeId } from './node-ids.ts'
import { forward, metAll, REFERENCE } from './references.ts'

const ROOT: NodeRef = { namespace: 0, kind: 'i', identifier: '84' }

/** The node that a configured text means on this server. Throws MillwrightErrors when it has none. */
export async function resolveTarget(services: Services, text: string): Promise<NodeRef> {
  const target = parseTarget(text)
  if (target.kind === 'node') return withIndex(target.node, services.namespaces)
  return followPath(services, ROOT, target.steps, text)
}

/** Follows browse names from a node: by the server where each name's namespace is given, else by looking. */
export async function followPath(
  services: Services,
  start: NodeRef,
  steps: readonly PathStep[],
  shown: string,
): Promise<NodeRef> {
  if (steps.every(({ namespace }) => namespace !== undefined)) return translated(services, start, steps, shown)
  let at = start
  for (const { namespace, name } of steps) {
    const [references] = await services.browse([
      forward(services.library, toNodeId(services.library, at), REFERENCE.hierarchical, 0),
    ])
    const found = (references ?? []).find(
      ({ browseName }) =>
        browseName?.name === name && (namespace === undefined || browseName.namespaceIndex === namespace),
    )
    const [met] = metAll(found === undefined ? [] : [found])
    if (met === undefined) throw opcuaErrors.nodeMissing({ node: shown })
    at = met.ref
  }
  return at
}

async function translated(
  services: Services,
  start: NodeRef,
  steps: readonly PathStep[],
  shown: string,
): Promise<NodeRef> {
  const { library } = services
  const path: PathOptions = {
    startingNode: toNodeId(library, start),
    relativePath: {
      elements: steps.map(({ namespace, name }) => ({
        referenceTypeId: new library.NodeId(1, REFERENCE.hierarchical, 0),
        isInverse: false,
        includeSubtypes: true,
        targetName: { namespaceIndex: namespace!, name },
      })),
    },
  }
  const [result] = await services.translate([path])
  const id = result?.targets?.[0]?.targetId
  const ref = id === undefined || result?.statusCode.isGoodish() !== true ? undefined : refOf(id)
  if (ref === undefined) throw opcuaErrors.nodeMissing({ node: shown })
  return withIndex(ref, services.namespaces)
}
