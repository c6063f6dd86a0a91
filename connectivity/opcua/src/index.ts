export { opcuaAdapter } from './adapter.ts'
export type { NodeSetClass } from './nodeset/classes.ts'
export type { NodeSetFile } from './nodeset/model.ts'
export { type NodeSetClasses, readNodeSets } from './nodeset/read.ts'
