import type { Client } from '@millwright/sdk'
import { enrolDevices, type Identities } from './enrol.ts'

/** Machines with one signal, `level`, and one rule over all of them that raises an alarm above 50. */
export async function watchLevels(
  client: Client,
  count: number,
): Promise<{ identities: Identities; equipment: string[] }> {
  const { id: equipmentClass } = await client.createClass({
    body: { name: 'Watched', signals: [{ name: 'level', kind: 'number', unit: '1' }] },
  })
  const equipment: string[] = []
  for (let n = 0; n < count; n++) {
    const body = { level: 'equipment', name: `Watched ${n}`, parent: null, equipmentClass } as const
    equipment.push((await client.createAsset({ body })).id)
  }
  await client.createRule({
    body: { name: 'Level', equipmentClass, condition: 'level > 50.0', priority: 'high', message: 'Level at {level}' },
  })
  const identities = await enrolDevices(client, count, (n) => ({ name: `Watch ${n}`, equipment: equipment[n]! }))
  return { identities, equipment }
}
