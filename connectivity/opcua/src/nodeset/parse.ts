import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { opcuaErrors } from '../errors.ts'
import {
  BASE,
  type Kind,
  type Node,
  type NodeSet,
  type NodeSetFile,
  type PropertyValue,
  type Reference,
} from './model.ts'

/** Bounds of one file. The standard's own has 5 MB, 6,000 nodes and 20,000 references. */
const MAX_BYTES = 64 * 1024 * 1024
const MAX_NODES = 300_000
const MAX_REFERENCES = 3_000_000
const MAX_DEPTH = 200
const MAX_TEXT = 65_536
const CHUNK = 65_536

const KINDS: Readonly<Record<string, Kind>> = {
  UAObjectType: 'objectType',
  UAVariableType: 'variableType',
  UAObject: 'object',
  UAVariable: 'variable',
  UADataType: 'dataType',
  UAReferenceType: 'referenceType',
}

/** Reads a NodeSet2 file piece by piece; values other than units and ranges are passed over. Throws MillwrightErrors. */
export function parseNodeSet({ name, bytes }: NodeSetFile): NodeSet {
  const file = name.slice(0, 200)
  if (bytes.length > MAX_BYTES) throw opcuaErrors.nodeSetLarge({ file, limit: '64 MB' })
  const reader = new Reader(file)
  const parser = new SaxesParser()
  const wrong = (reason: string) => opcuaErrors.nodeSetSyntax({ file, reason })
  parser.on('error', (error) => {
    throw wrong(error.message)
  })
  parser.on('doctype', () => {
    throw wrong('it has a document type declaration, which NodeSet2 files do not.')
  })
  parser.on('opentag', (tag) => reader.open(tag))
  parser.on('closetag', () => reader.close())
  parser.on('text', (text) => reader.text(text))
  parser.on('cdata', (text) => reader.text(text))
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      parser.write(decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true }))
    }
    parser.write(decoder.decode())
    parser.close()
  } catch (error) {
    if (error instanceof TypeError) throw wrong('it is not UTF-8.')
    throw error
  }
  return reader.finish()
}

interface Open {
  readonly attributes: Readonly<Record<string, string>>
  readonly kind: Kind
  display: string
  description: string
  readonly references: Reference[]
  value: PropertyValue | undefined
}

class Reader {
  readonly #file: string
  readonly #path: string[] = []
  readonly #uris: string[] = []
  readonly #aliases = new Map<string, string>()
  readonly #models: string[] = []
  readonly #requires: string[] = []
  readonly #nodes: Node[] = []
  #references = 0
  #node: Open | undefined
  #text = ''
  #attributes: Readonly<Record<string, string>> = {}
  #value: { -readonly [K in keyof PropertyValue]: PropertyValue[K] } = {}
  #isNodeSet = false

  constructor(file: string) {
    this.#file = file
  }

  open({ name, attributes }: SaxesTagPlain): void {
    const local = name.slice(name.indexOf(':') + 1)
    if (this.#path.length >= MAX_DEPTH) this.#large(`${MAX_DEPTH} levels`)
    this.#path.push(local)
    this.#text = ''
    this.#attributes = attributes
    if (this.#path.length === 1) this.#isNodeSet = local === 'UANodeSet'
    if (!this.#isNodeSet) throw opcuaErrors.nodeSetSyntax({ file: this.#file, reason: 'its root is not UANodeSet.' })
    if (this.#path.length === 2) {
      const kind = KINDS[local]
      this.#value = {}
      if (kind !== undefined) {
        this.#node = { attributes, kind, display: '', description: '', references: [], value: undefined }
      }
    } else if (local === 'Model' && this.#path[1] === 'Models' && this.#path.length === 3) {
      this.#models.push(attributes['ModelUri'] ?? '')
    } else if (local === 'RequiredModel' && this.#path[1] === 'Models') {
      this.#requires.push(attributes['ModelUri'] ?? '')
    }
  }

  text(text: string): void {
    // Values are passed over, however long they are.
    if (this.#text.length < MAX_TEXT) this.#text += text.slice(0, MAX_TEXT)
  }

  close(): void {
    const local = this.#path.at(-1)!
    const parent = this.#path.at(-2)
    const text = this.#text.trim()
    if (this.#path.length === 3) {
      if (local === 'Uri' && parent === 'NamespaceUris') this.#uris.push(text)
      else if (local === 'Alias' && parent === 'Aliases') this.#aliases.set(this.#attributes['Alias'] ?? '', text)
      else if (local === 'DisplayName' && this.#node?.display === '') this.#node.display = text
      else if (local === 'Description' && this.#node?.description === '') this.#node.description = text
    } else if (local === 'Reference' && parent === 'References' && this.#node !== undefined) {
      this.#reference(this.#node, text)
    } else if (this.#path[2] === 'Value') {
      this.#take(local, parent, text)
    }
    if (this.#path.length === 2 && this.#node !== undefined) this.#finishNode(this.#node)
    this.#path.pop()
    this.#text = ''
  }

  finish(): NodeSet {
    return { file: this.#file, models: this.#models, requires: this.#requires, nodes: this.#nodes }
  }

  #reference(node: Open, text: string): void {
    if (++this.#references > MAX_REFERENCES) this.#large(`${MAX_REFERENCES} references`)
    const type = this.#key(this.#attributes['ReferenceType'] ?? '')
    const target = this.#key(text)
    if (type === undefined || target === undefined) return
    node.references.push({ type, target, forward: this.#attributes['IsForward'] !== 'false' })
  }

  /** Of an EUInformation or a Range, wherever they stand in the value. */
  #take(local: string, parent: string | undefined, text: string): void {
    if (local === 'NamespaceUri' && parent === 'EUInformation') this.#value.namespaceUri = text
    else if (local === 'UnitId' && parent === 'EUInformation') this.#value.unitId = Number(text)
    else if (local === 'Text' && parent === 'DisplayName') this.#value.symbol = text
    else if (local === 'Low' && parent === 'Range') this.#value.low = Number(text)
    else if (local === 'High' && parent === 'Range') this.#value.high = Number(text)
  }

  #finishNode(open: Open): void {
    this.#node = undefined
    if (this.#nodes.length >= MAX_NODES) this.#large(`${MAX_NODES} nodes`)
    const { attributes, kind, display, description, references } = open
    const key = this.#key(attributes['NodeId'] ?? '')
    if (key === undefined) {
      throw opcuaErrors.nodeSetSyntax({ file: this.#file, reason: 'a node has no node id that can be read.' })
    }
    const name = (attributes['BrowseName'] ?? '').replace(/^\d{1,5}:/, '').slice(0, 512)
    const parent = this.#key(attributes['ParentNodeId'] ?? '')
    const value = kind === 'variable' && Object.keys(this.#value).length > 0 ? this.#value : undefined
    const rank = Number(attributes['ValueRank'] ?? -1)
    this.#nodes.push({
      key,
      kind,
      name,
      display: display.slice(0, 512),
      description: description.slice(0, 4000),
      abstract: attributes['IsAbstract'] === 'true',
      dataType: attributes['DataType'] === undefined ? undefined : this.#key(attributes['DataType']),
      valueRank: Number.isInteger(rank) ? rank : -1,
      references: parent === undefined ? references : withParent(references, parent),
      value,
    })
  }

  /** Node ids are relative to the file's own list of namespaces; aliases stand for them. */
  #key(text: string): string | undefined {
    const id = this.#aliases.get(text) ?? text
    const match = /^(?:ns=(\d{1,5});)?([isgb]=.{1,4096})$/s.exec(id)
    if (match === null) return undefined
    const index = Number(match[1] ?? 0)
    const uri = index === 0 ? BASE : this.#uris[index - 1]
    return uri === undefined ? undefined : `${uri}|${match[2]}`
  }

  #large(limit: string): never {
    throw opcuaErrors.nodeSetLarge({ file: this.#file, limit })
  }
}

/** Files made by some tools only say whose child a node is; the inverse reference may be missing. */
function withParent(references: readonly Reference[], parent: string): readonly Reference[] {
  if (references.some(({ forward, target }) => !forward && target === parent)) return references
  return [...references, { type: PARENT, target: parent, forward: false }]
}

/** Reference type of a child whose file does not say how it hangs on its parent. */
export const PARENT = 'parent'
