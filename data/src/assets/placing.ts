import { LEVELS, type Level } from '@millwright/contracts'
import { assetErrors } from './errors.ts'
import type { TreeNode } from './tree.ts'

const DEPTH_LIMIT = 12

/**
 * Refuses a node of `level` below `parent` when ISA-95 does not allow it: each level stands below a higher one (steps
 * may be left out), and only equipment may hold its own kind (a machine with modules).
 */
export function checkPlace(level: Level, parent: TreeNode | undefined): void {
  if (parent === undefined) return
  const below = LEVELS.indexOf(level) > LEVELS.indexOf(parent.level)
  const nested = level === 'equipment' && parent.level === 'equipment'
  if (!below && !nested) throw assetErrors.levelBelow({ level, parentLevel: parent.level, path: 'parent' })
  if (parent.path.length >= DEPTH_LIMIT) throw assetErrors.tooDeep({ limit: DEPTH_LIMIT, path: 'parent' })
}
