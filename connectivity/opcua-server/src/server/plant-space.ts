import { LEVELS } from '@millwright/contracts/lists'
import type {
  AddressSpace,
  BaseNode,
  INamespace,
  ISessionContext,
  UAObject,
  UAObjectType,
  UAVariable,
} from 'node-opcua-address-space'
import { AttributeIds } from 'node-opcua-basic-types'
import { DataValue } from 'node-opcua-data-value'
import { NodeId, NodeIdType } from 'node-opcua-nodeid'
import { StatusCodes } from 'node-opcua-status-code'
import type { RelativePathElement } from 'node-opcua-types'
import type { PlantClass, PlantNode, TreePort, ValuesPort } from '../ports.ts'
import type { Access } from './access.ts'
import { SignalNodes } from './signal-nodes.ts'

export interface PlantSpaceOptions {
  readonly addressSpace: AddressSpace
  readonly namespace: INamespace
  readonly tree: TreePort
  readonly values: Pick<ValuesPort, 'latest'>
  readonly access: Access
  readonly historyRead: UAVariable['historyRead']
  /** Tenants whose plants are shown at present. */
  readonly tenants: () => Iterable<string>
  /** Makes the node of a standing alarm. */
  readonly condition: (id: string) => BaseNode | null
}

/** Members the library calls that we stand in for, as it declares them or not. */
type TypeMethods = Readonly<Record<string, NodeId>>

interface Explored extends BaseNode {
  browseNodeByTargetName(element: RelativePathElement, isLast: boolean): NodeId[]
}

type FindNode = (nodeId: NodeId) => BaseNode | null

const ROOT = 'plant'

/**
 * The asset tree as OPC UA nodes that come into being when somebody asks for them: by browsing their parent, or by their
 * NodeId, which is the platform's own id (`ns=2;s=sig_…`) and so outlasts restarts and renamings.
 */
export class PlantSpace {
  readonly #o: PlantSpaceOptions
  readonly #find: FindNode
  /** Nodes whose children are all there. */
  readonly #expanded = new Set<string>()
  readonly #levelTypes = new Map<string, UAObjectType>()
  readonly #classTypes = new Map<string, UAObjectType>()
  readonly #classes = new Map<string, PlantClass & { readonly tenant: string }>()
  readonly #root: UAObject
  readonly #signals: SignalNodes
  #building = 0

  constructor(options: PlantSpaceOptions) {
    this.#o = options
    this.#signals = new SignalNodes({ ...options, build: (make, stands) => this.build(make, stands) })
    const { namespace, addressSpace, access } = options
    const held = namespace as INamespace & { findNode2: FindNode }
    this.#find = held.findNode2.bind(namespace)
    for (const level of LEVELS) {
      const browseName = `${level[0]!.toUpperCase()}${level.slice(1)}Type`
      const type = namespace.addObjectType({ browseName, nodeId: `s=type/${level}`, subtypeOf: 'BaseObjectType' })
      access.place(type, { kind: 'open' })
      this.#levelTypes.set(level, type)
    }
    this.#root = namespace.addObject({
      nodeId: `s=${ROOT}`,
      browseName: 'Plant',
      organizedBy: addressSpace.rootFolder.objects,
      typeDefinition: 'FolderType',
    })
    this.#adopt(this.#root, { kind: 'open' })
    held.findNode2 = (nodeId) => this.#find(nodeId) ?? this.#called(nodeId)
  }

  /** Takes up the equipment classes of a tenant, the types of its equipment. */
  setClasses(tenant: string, classes: readonly PlantClass[]): void {
    for (const each of classes) this.#classes.set(each.id, { ...each, tenant })
  }

  /** A tenant has come or gone: the uppermost nodes are looked at anew. */
  refreshRoots(): void {
    this.#expanded.delete(ROOT)
  }

  /** The variable of a signal, if somebody has asked for it. */
  known(id: string): BaseNode | null {
    return this.#find(new NodeId(NodeIdType.STRING, id, this.#o.namespace.index))
  }

  /** Any node of ours, brought into being when need be. */
  node(id: string): BaseNode | null {
    return this.#o.addressSpace.findNode(new NodeId(NodeIdType.STRING, id, this.#o.namespace.index))
  }

  nodeId(id: string): NodeId {
    return new NodeId(NodeIdType.STRING, id, this.#o.namespace.index)
  }

  /** A node or a signal is new, changed, moved or gone. */
  changed(id: string): void {
    const { tree } = this.#o
    const signal = tree.signal(id)
    const node = signal === undefined ? tree.node(id) : undefined
    const parent = signal?.equipment ?? node?.parent ?? ROOT
    // The next who browses there finds what is new.
    this.#expanded.delete(parent)
    const known = this.known(id)
    if (known === null) return
    const now = signal ?? node
    if (
      now === undefined ||
      known.findReferencesAsObject('HierarchicalReferences', false)[0]?.nodeId.value !== parent
    ) {
      this.#delete(known)
      return
    }
    known.setDisplayName(now.name)
    known.browseName.name = now.name
    if (signal !== undefined) this.#deleteBelow(known)
  }

  /** Nobody is here any more: everything that was brought into being goes. */
  clear(): void {
    this.#deleteBelow(this.#root)
    for (const type of this.#classTypes.values()) this.#o.addressSpace.deleteNode(type)
    this.#classTypes.clear()
    this.#classes.clear()
  }

  /**
   * Makes a node of ours, hiding it from lookups that would make it again.
   * @param methods of its type that are found by their names at the node too, as clients look for them. No reference to
   * them is made: the type would tell everybody of the node, and go with it.
   */
  build<T extends BaseNode>(make: () => T, stands: Parameters<Access['place']>[1], methods?: TypeMethods): T {
    this.#building++
    try {
      const made = make()
      this.#adopt(made, stands, methods)
      return made
    } finally {
      this.#building--
    }
  }

  #called(nodeId: NodeId): BaseNode | null {
    if (this.#building > 0 || typeof nodeId.value !== 'string') return null
    const [id, ...below] = nodeId.value.split('/')
    if (id === undefined || id === '' || id === 'type') return null
    const node = this.#find(this.nodeId(id)) ?? this.#make(id)
    if (node === null || below.length === 0) return node
    this.#expand(node)
    return this.#find(nodeId)
  }

  #make(id: string): BaseNode | null {
    const { tree } = this.#o
    if (id.startsWith('alm_')) return this.#o.condition(id)
    const signal = tree.signal(id)
    if (signal !== undefined) {
      const parent = signal.equipment === null ? null : this.node(signal.equipment)
      return parent === null ? null : this.#signals.variable(signal, parent)
    }
    const node = tree.node(id)
    if (node === undefined) return null
    const parent = node.parent === null ? this.#root : this.node(node.parent)
    return parent === null ? null : this.#object(node, parent)
  }

  #expand(node: BaseNode): void {
    const id = node.nodeId.value as string
    if (this.#building > 0 || this.#expanded.has(id)) return
    this.#expanded.add(id)
    const { tree } = this.#o
    const stands = this.#o.access.standsFor(node)
    if (id === ROOT) {
      for (const tenant of this.#o.tenants()) for (const root of tree.roots(tenant)) this.node(root.id)
    } else if (stands?.kind === 'node') {
      for (const child of tree.children(id)) this.node(child.id)
      for (const signal of tree.signals(id)) this.node(signal.id)
    } else if (stands?.kind === 'signal') {
      const signal = tree.signal(id)
      if (signal !== undefined) this.#signals.describe(signal, node as UAVariable)
    }
  }

  #object(node: PlantNode, parent: BaseNode): UAObject {
    const { namespace } = this.#o
    const options = {
      nodeId: `s=${node.id}`,
      browseName: node.name,
      typeDefinition: this.#typeOf(node),
      eventNotifier: 1,
      ...(parent === this.#root ? { organizedBy: parent } : { componentOf: parent }),
    }
    return this.build(() => namespace.addObject(options), { kind: 'node', id: node.id })
  }

  #typeOf({ level, equipmentClass }: PlantNode): UAObjectType {
    const standard = this.#levelTypes.get(level)!
    const described = equipmentClass === null ? undefined : this.#classes.get(equipmentClass)
    if (described === undefined) return standard
    const held = this.#classTypes.get(described.id)
    if (held !== undefined) return held
    const type = this.build(
      () =>
        this.#o.namespace.addObjectType({
          browseName: described.name,
          nodeId: `s=type/${described.id}`,
          subtypeOf: this.#levelTypes.get('equipment')!,
          ...(described.description === '' ? {} : { description: described.description }),
        }),
      { kind: 'class', tenant: described.tenant },
    )
    this.#classTypes.set(described.id, type)
    return type
  }

  /** Makes a node ask for its children before they are looked for, and for permission before anything is told of it. */
  #adopt(node: BaseNode, stands: Parameters<Access['place']>[1], methods?: TypeMethods): void {
    const { access } = this.#o
    access.place(node, stands)
    const expand = () => this.#expand(node)
    const explored = node as Explored
    const browseNode = node.browseNode.bind(node)
    node.browseNode = (description, context) => {
      if (!access.mayBrowse(node, context)) return []
      expand()
      return browseNode(description, context)
    }
    const byName = explored.browseNodeByTargetName.bind(node)
    explored.browseNodeByTargetName = (element, isLast) => {
      if (!access.mayBrowse(node, undefined)) return []
      const { namespaceIndex, name } = element.targetName
      const method = namespaceIndex === 0 && !element.isInverse ? methods?.[name ?? ''] : undefined
      if (method !== undefined) return [method]
      expand()
      return byName(element, isLast).filter((id) => {
        const found = this.#o.addressSpace.findNode(id)
        return found !== null && access.mayBrowse(found, undefined)
      })
    }
    const readAttribute = node.readAttribute.bind(node)
    node.readAttribute = (context: ISessionContext | null, attribute, indexRange, dataEncoding) => {
      // Within the platform (sampling of what a session was let to watch) there is a context, too.
      const asked = (context as { session?: object } | null)?.session
      // For values the library asks by itself.
      if (attribute !== AttributeIds.Value && asked !== undefined && !access.allows(asked, node, BROWSE)) {
        return new DataValue({ statusCode: StatusCodes.BadNodeIdUnknown })
      }
      return readAttribute(context, attribute, indexRange, dataEncoding)
    }
  }

  #deleteBelow(node: BaseNode): void {
    for (const child of node.findReferencesAsObject('HasChild', true)) {
      if (child.namespaceIndex === this.#o.namespace.index) this.#delete(child)
    }
    for (const child of node.findReferencesAsObject('Organizes', true)) {
      if (child.namespaceIndex === this.#o.namespace.index) this.#delete(child)
    }
    this.#expanded.delete(node.nodeId.value as string)
  }

  #delete(node: BaseNode): void {
    this.#building++
    try {
      this.#deleteBelow(node)
      this.#o.addressSpace.deleteNode(node)
    } finally {
      this.#building--
    }
  }
}

const BROWSE = 0x01
