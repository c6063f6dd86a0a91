import type { Client, components } from '@millwright/sdk'
import { readAll } from '../listing.ts'
import { text } from '../texts/text.ts'
import { isId, pick } from './name.ts'

type Schemas = components['schemas']
const idOf = ({ id }: { id: string }) => id
const nameOf = ({ name }: { name: string }) => name

/** A device by name, id, or the end of its id. */
export async function findDevice(client: Client, given: string): Promise<Schemas['Device']> {
  if (isId('dev', given)) return client.getDevice({ params: { id: given } })
  const named = await readAll((page) => client.listDevices({ query: { ...page, q: given } }))
  const candidates = named.length > 0 ? named : await readAll((page) => client.listDevices({ query: page }))
  return pick({ kind: text('kinds.device'), given, candidates, nameOf, idOf })
}

/** A connection by name, id, or the end of its id. */
export async function findConnection(client: Client, given: string): Promise<Schemas['Connection']> {
  if (isId('cnx', given)) return client.getConnection({ params: { id: given } })
  const candidates = await readAll((page) => client.listConnections({ query: page }))
  return pick({ kind: text('kinds.connection'), given, candidates, nameOf, idOf })
}

/** An edge agent by its device's name, id, or the end of its id. */
export async function findAgent(client: Client, given: string): Promise<Schemas['Agent']> {
  if (isId('dev', given)) return client.getAgent({ params: { id: given } })
  const candidates = await readAll((page) => client.listAgents({ query: page }))
  return pick({ kind: text('kinds.agent'), given, candidates, nameOf, idOf: ({ device }) => device })
}

export async function findClass(client: Client, given: string): Promise<Schemas['EquipmentClass']> {
  if (isId('cls', given)) return client.getClass({ params: { id: given } })
  const candidates = await readAll((page) => client.listClasses({ query: page }))
  return pick({ kind: text('kinds.class'), given, candidates, nameOf, idOf })
}

export async function findRule(client: Client, given: string): Promise<Schemas['Rule']> {
  if (isId('rul', given)) return client.getRule({ params: { id: given } })
  const candidates = await readAll((page) => client.listRules({ query: page }))
  return pick({ kind: text('kinds.rule'), given, candidates, nameOf, idOf })
}

export async function findService(client: Client, given: string): Promise<Schemas['Service']> {
  if (isId('svc', given)) return client.getService({ params: { id: given } })
  const candidates = await readAll((page) => client.listServices({ query: page }))
  return pick({ kind: text('kinds.service'), given, candidates, nameOf, idOf })
}

/** A user by e-mail address, name or id. */
export async function findUser(client: Client, given: string): Promise<Schemas['User']> {
  if (isId('usr', given)) return client.getUser({ params: { id: given } })
  const candidates = await readAll((page) => client.listUsers({ query: page }))
  const byEmail = candidates.find(({ email }) => email.toLowerCase() === given.toLowerCase())
  return byEmail ?? pick({ kind: text('kinds.user'), given, candidates, nameOf, idOf })
}

export async function findRole(client: Client, given: string): Promise<Schemas['Role']> {
  const { items } = await client.listRoles()
  return pick({ kind: text('kinds.role'), given, candidates: items, nameOf, idOf })
}

export async function findTenant(client: Client, given: string): Promise<{ id: string; name: string }> {
  if (isId('ten', given)) return { id: given, name: given }
  const { items } = await client.listTenants()
  return pick({ kind: text('kinds.tenant'), given, candidates: items, nameOf, idOf })
}

export async function findToken(client: Client, given: string): Promise<Schemas['ApiToken']> {
  const { items } = await client.listTokens()
  return pick({ kind: text('kinds.token'), given, candidates: items, nameOf, idOf })
}

/** A grant by its id or the end of it. */
export async function findGrant(client: Client, given: string): Promise<{ id: string }> {
  if (isId('grt', given)) return { id: given }
  const candidates = await readAll((page) => client.listGrants({ query: page }))
  return pick({ kind: text('kinds.grant'), given, candidates, nameOf: idOf, idOf })
}

export async function findShare(client: Client, given: string): Promise<Schemas['Share']> {
  const { items } = await client.listShares({ query: { direction: 'given' } })
  return pick({ kind: text('kinds.share'), given, candidates: items, nameOf: ({ nodeName }) => nodeName, idOf })
}

/** An alarm by its id or the end of it, among those that stand, then among all. */
export async function findAlarm(client: Client, given: string): Promise<Schemas['Alarm']> {
  if (isId('alm', given)) return client.getAlarm({ params: { id: given } })
  const standing = await readAll((page) => client.listAlarms({ query: page }))
  const known = standing.some(({ id }) => id.endsWith(given.toLowerCase()))
  const candidates = known ? standing : await readAll((page) => client.listAlarms({ query: { ...page, state: 'all' } }))
  return pick({
    kind: text('kinds.alarm'),
    given,
    candidates,
    nameOf: ({ equipmentName, ruleName }) => `${equipmentName}: ${ruleName}`,
    idOf,
  })
}
