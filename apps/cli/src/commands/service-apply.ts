import { isDeepStrictEqual } from 'node:util'
import type { Client } from '@millwright/sdk'
import type { Cli } from '../cli.ts'
import { EXIT, refused } from '../errors.ts'
import { readAll } from '../listing.ts'
import { AssetNames } from '../resolve/assets.ts'
import { text } from '../texts/text.ts'
import { readServices, type Service, type ServiceEntry } from './service-file.ts'
import { followVersion } from './service-runs.ts'

type Done = 'created' | 'changed' | 'unchanged'

/** Brings services to what a file says; applied again, it changes nothing. */
export async function applyServices(cli: Cli, file: string): Promise<void> {
  const { client } = await cli.connect()
  const names = new AssetNames(client)
  const results: { service: Service; done: Done; published: boolean }[] = []
  for (const entry of await readServices(file)) {
    const equipment = (await names.get(entry.equipment)).id
    const [service, done] = await put(client, entry, equipment)
    if (!cli.out.json) {
      const { id, name } = service
      cli.out.line(done === 'created' ? text('services.created', { name, id }) : text(`services.${done}`, { name }))
    }
    const published = entry.publish && (await publish(cli, client, service))
    results.push({
      service: published ? await client.getService({ params: { id: service.id } }) : service,
      done,
      published,
    })
  }
  if (cli.out.json) cli.out.value({ items: results })
}

async function put(client: Client, entry: ServiceEntry, equipment: string): Promise<[Service, Done]> {
  const { name, kind, description, settings, alarm } = entry
  const held = (await readAll((page) => client.listServices({ query: { ...page, under: equipment, q: name } }))).find(
    (each) => each.equipment === equipment && each.name.toLowerCase() === name.toLowerCase(),
  )
  const body = { name, description, settings, alarm }
  if (held === undefined) return [await client.createService({ body: { ...body, kind, equipment } }), 'created']
  if (held.kind !== kind) throw refused(text('services.kindFixed', { name, kind: held.kind }))
  const wanted = { ...body, settings: await withDefaults(client, kind, settings) }
  const now = { name: held.name, description: held.description, settings: held.settings, alarm: held.alarm }
  if (isDeepStrictEqual(plain(wanted), plain(now))) return [held, 'unchanged']
  return [await client.updateService({ params: { id: held.id }, body, ifMatch: held.version }), 'changed']
}

/** What is left out of a file stands at its default, as the platform fills it in. */
async function withDefaults(client: Client, kind: string, settings: Service['settings']): Promise<Service['settings']> {
  const { items } = await client.listServiceKinds()
  const schema = items.find(({ id }) => id === kind)?.settingsSchema as
    | { properties?: Record<string, { default?: unknown }> }
    | undefined
  const defaults = Object.entries(schema?.properties ?? {}).flatMap(([name, field]) =>
    field.default === undefined ? [] : [[name, field.default]],
  )
  return { ...Object.fromEntries(defaults), ...settings }
}

/** Trains when the live version was trained with other settings, and publishes. @returns whether anything was done */
async function publish(cli: Cli, client: Client, service: Service): Promise<boolean> {
  const params = { id: service.id }
  const { items } = await client.listServiceVersions({ params, query: {} })
  const live = items.find((version) => version.live)
  const fits = (version: (typeof items)[number]) => isDeepStrictEqual(plain(version.settings), plain(service.settings))
  if (live !== undefined && fits(live)) return false
  const ready = items.find((version) => version.state === 'ready' && fits(version))
  const number = ready?.number ?? (await train(cli, client, service))
  if (number === undefined) return false
  await client.publishService({ params, body: { number } })
  if (!cli.out.json) cli.out.line(text('services.published', { n: number, name: service.name }))
  return true
}

async function train(cli: Cli, client: Client, service: Service): Promise<number | undefined> {
  const begun = await client.trainService({ params: { id: service.id }, body: {} })
  const version = await followVersion(cli, client, service.name, begun)
  if (version.state === 'ready') return version.number
  process.exitCode = EXIT.refused
  return undefined
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
