/** What of a NodeSet2 file (Part 6, annex F) counts for equipment classes. */
export type Kind = 'objectType' | 'variableType' | 'object' | 'variable' | 'dataType' | 'referenceType'

/** A node, by its key: namespace URI and identifier, the same in every file. */
export interface Node {
  readonly key: string
  readonly kind: Kind
  readonly name: string
  readonly display: string
  readonly description: string
  readonly abstract: boolean
  readonly dataType: string | undefined
  /** -1: scalar. */
  readonly valueRank: number
  readonly references: readonly Reference[]
  /** Of properties: what the class takes from them. */
  readonly value: PropertyValue | undefined
}

export interface Reference {
  readonly type: string
  readonly target: string
  readonly forward: boolean
}

/** Value of an EngineeringUnits or EURange property. */
export interface PropertyValue {
  readonly namespaceUri?: string
  readonly unitId?: number
  readonly symbol?: string
  readonly low?: number
  readonly high?: number
}

export interface NodeSetFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What one file holds. */
export interface NodeSet {
  readonly file: string
  /** Models that it defines. */
  readonly models: readonly string[]
  /** Models that it builds on. */
  readonly requires: readonly string[]
  readonly nodes: readonly Node[]
}

export const BASE = 'http://opcfoundation.org/UA/'

/** Key of a node of the standard's own namespace. */
export const base = (id: number): string => `${BASE}|i=${id}`
