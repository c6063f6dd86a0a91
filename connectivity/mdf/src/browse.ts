import { join } from 'node:path'
import type { BrowseAt } from '@millwright/connectivity'
import { unitOfDbc } from '@millwright/connectivity-can'
import { namePattern, openPath, PickedFile, type Roots, scan } from '@millwright/connectivity-files'
import type { BrowsePage } from '@millwright/contracts'
import { formatTime } from '@millwright/foundation'
import { CHANNEL } from './blocks/model.ts'
import { readStructure } from './blocks/structure.ts'
import { flat } from './channels/plan.ts'
import type { MdfConfig } from './config.ts'

/** What a file holds, in a sentence. */
export async function describe(path: string): Promise<string> {
  const file = await PickedFile.open(path)
  try {
    const { measurement } = await readStructure(file)
    const groups = measurement.groups.flatMap((data) => data.groups).filter(({ isVariable }) => !isVariable)
    const channels = groups.reduce((sum, group) => sum + flat(group.channels).length, 0)
    const unfinished = measurement.isUnfinished ? ', not closed properly (that is read all the same)' : ''
    return `${groups.length} groups with ${channels} channels, from ${formatTime(Math.round(measurement.start))} on${unfinished}.`
  } finally {
    await file.close()
  }
}

/** Files of the folder, and the channels of each. */
export async function browseMeasurements(config: MdfConfig, roots: Roots, at: BrowseAt): Promise<BrowsePage> {
  const folder = await openPath(config.folder, roots)
  const from = Number(at.cursor ?? 0) || 0
  const page = <T>(all: readonly T[], item: (each: T) => BrowsePage['items'][number]): BrowsePage => {
    const items = all.slice(from, from + at.limit).map(item)
    return from + items.length < all.length ? { items, next: String(from + items.length) } : { items }
  }
  if (at.node === undefined) {
    const found = await scan(folder, namePattern(config.pattern), config.subfolders)
    return page(found, ({ relative, size }) => ({
      id: relative,
      name: relative,
      kind: 'file',
      hasChildren: true,
      description: `${size} bytes`,
    }))
  }
  const file = await PickedFile.open(await openPath(join(folder, at.node), [folder]))
  try {
    const { measurement } = await readStructure(file)
    const channels = measurement.groups
      .flatMap((data) => data.groups)
      .flatMap((group) => flat(group.channels).filter(({ type }) => type !== CHANNEL.master))
    return page(channels, ({ name, unit }) => {
      const code = unitOfDbc(unit)
      return {
        id: `${at.node}#${name}`,
        name,
        kind: 'variable',
        hasChildren: false,
        ...(code === undefined ? {} : { unit: code }),
      }
    })
  } finally {
    await file.close()
  }
}
