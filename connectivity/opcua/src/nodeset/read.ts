import { classesOf, type NodeSetClass } from './classes.ts'
import { Graph } from './graph.ts'
import { BASE, type NodeSetFile } from './model.ts'
import { parseNodeSet } from './parse.ts'

export interface NodeSetClasses {
  /** As `createClass` takes them. */
  readonly classes: NodeSetClass[]
  /** What was left out or is missing, in words. */
  readonly notes: string[]
}

/**
 * Reads NodeSet2 files that build on each other, in any order, and makes equipment classes of their object types. Throws
 * MillwrightErrors that name the file.
 */
export function readNodeSets(files: readonly NodeSetFile[]): NodeSetClasses {
  const sets = files.map(parseNodeSet)
  const models = new Set(sets.flatMap(({ models }) => models))
  const notes: string[] = []
  for (const { file, requires } of sets) {
    const missing = requires.filter((model) => !models.has(model) && model !== BASE)
    if (missing.length > 0) {
      notes.push(`${file} builds on ${missing.slice(0, 10).join(', ')}: add that file to have all variables.`)
    }
  }
  if (!models.has(BASE)) {
    notes.push(
      'The standard’s own NodeSet (Opc.Ua.NodeSet2.xml) is not among the files: what its types have is left out.',
    )
  }
  const { classes, notes: more } = classesOf(new Graph(sets), models)
  return { classes, notes: [...notes, ...more] }
}
