import { join } from 'node:path'
import type { BrowseAt } from '@millwright/connectivity'
import type { BrowsePage } from '@millwright/contracts'
import type { FilesConfig } from './config.ts'
import { namePattern } from './folder/pattern.ts'
import { openPath, type Roots } from './folder/roots.ts'
import { scan } from './folder/scan.ts'
import { lookAt } from './look.ts'

/** Files of the folder, and the columns of each. */
export async function browseFiles(config: FilesConfig, roots: Roots, at: BrowseAt): Promise<BrowsePage> {
  const folder = await openPath(config.folder, roots)
  if (at.node === undefined) {
    const found = await scan(folder, namePattern(config.pattern), config.subfolders)
    const from = Number(at.cursor ?? 0) || 0
    const items = found.slice(from, from + at.limit).map((file) => ({
      id: file.relative,
      name: file.relative,
      kind: 'file' as const,
      hasChildren: true,
      description: `${file.size} bytes`,
    }))
    return from + items.length < found.length ? { items, next: String(from + items.length) } : { items }
  }
  const path = await openPath(join(folder, at.node), [folder])
  const { columns } = await lookAt(path, config)
  return {
    items: columns.slice(0, at.limit).map(({ metric, unit, index, kind }) => ({
      id: `${at.node}#${index + 1}`,
      name: metric,
      kind: 'variable' as const,
      hasChildren: false,
      ...(unit === undefined ? {} : { unit }),
      pick: {
        path: '/columns',
        value: { column: `#${index + 1}`, metric, ...(unit === undefined ? {} : { unit }), kind },
      },
    })),
  }
}
