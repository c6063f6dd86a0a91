import { isDeepStrictEqual } from 'node:util'
import { type NodeSetClass, readNodeSets } from '@millwright/connectivity-opcua'
import type { EquipmentClass, nodeSetOperations } from '@millwright/contracts'
import type { Assets } from '@millwright/data'
import { type Actor, authorize, type Handlers } from '@millwright/trust'

/** Classes are found by name, whatever the case, as files of the asset tree find them. */
export const nodeSetHandlers = (
  classes: Assets['classes'],
  handlers: Pick<Assets['handlers'], 'importAssets'>,
): Handlers<typeof nodeSetOperations> => ({
  async importNodeSets(call) {
    const { actor, body } = call
    authorize(actor, 'asset:write', { tenant: actor.tenant, path: [] })
    const files = body.files.map(({ name, content }) => ({ name, bytes: Buffer.from(content, 'base64') }))
    const { classes: read, notes } = readNodeSets(files)
    const known = await classesByName(classes, actor)
    const created = read.filter(({ name }) => !known.has(name.toLowerCase()))
    const updated = read.filter((one) => differs(known.get(one.name.toLowerCase()), one))
    if (body.dryRun !== true && created.length + updated.length > 0) {
      // All of them or, when any is refused, none.
      await handlers.importAssets({ ...call, body: { classes: [...created, ...updated], assets: [] } })
    }
    const named = (list: readonly NodeSetClass[]) => list.map(({ name }) => name)
    return { created: named(created), updated: named(updated), notes }
  },
})

async function classesByName(classes: Assets['classes'], actor: Actor): Promise<Map<string, EquipmentClass>> {
  const known = new Map<string, EquipmentClass>()
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await classes.list(actor, { limit: 1000, ...(cursor === undefined ? {} : { cursor }) })
    for (const one of page.items) known.set(one.name.toLowerCase(), one)
    cursor = page.next
  }
  return known
}

const differs = (known: EquipmentClass | undefined, { description, signals }: NodeSetClass): boolean =>
  known !== undefined && !isDeepStrictEqual([known.description, known.signals], [description, signals])
