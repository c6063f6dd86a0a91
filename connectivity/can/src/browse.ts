import type { BrowseAt } from '@millwright/connectivity'
import type { BrowsePage } from '@millwright/contracts'
import type { CanConfig } from './config.ts'
import { loadDatabases } from './databases.ts'
import type { DbcMessage, DbcSignal } from './dbc/model.ts'
import { unitOfDbc } from './dbc/units.ts'

/** The messages of the databases, and the signals of each. */
export async function browseDatabases(config: CanConfig, at: BrowseAt): Promise<BrowsePage> {
  const messages = loadDatabases(config.databases).flatMap(({ dbc }, database) =>
    dbc.messages.map((message, index) => ({ id: `${database}/${index}`, message })),
  )
  if (at.node === undefined) {
    const from = Number(at.cursor ?? 0) || 0
    const items = messages.slice(from, from + at.limit).map(({ id, message }) => folderOf(id, message))
    return from + items.length < messages.length ? { items, next: String(from + items.length) } : { items }
  }
  const message = messages.find(({ id }) => id === at.node)?.message
  return {
    items: (message?.signals ?? []).slice(0, at.limit).map((signal) => variableOf(`${at.node}/${signal.name}`, signal)),
  }
}

const folderOf = (
  id: string,
  { id: identifier, extended, name, sender, cycle, comment, signals }: DbcMessage,
): BrowsePage['items'][number] => ({
  id,
  name,
  kind: 'folder',
  hasChildren: signals.length > 0,
  dataType: identifier
    .toString(16)
    .toUpperCase()
    .padStart(extended ? 8 : 3, '0'),
  description: [sender, cycle === undefined ? undefined : `each ${cycle} ms`, comment]
    .filter((text) => text !== undefined)
    .join(' · '),
})

function variableOf(
  id: string,
  { name, length, signed, float, unit, comment }: DbcSignal,
): BrowsePage['items'][number] {
  const code = unitOfDbc(unit)
  return {
    id,
    name,
    kind: 'variable',
    hasChildren: false,
    dataType: `${float > 0 ? 'float' : signed ? 'int' : 'uint'}${length}`,
    ...(code === undefined ? {} : { unit: code }),
    ...(comment === undefined ? {} : { description: comment }),
  }
}
