import type { Client, components } from '@millwright/sdk'
import { usage } from '../errors.ts'
import { readDocument } from '../input/documents.ts'
import { readDuration, writeDuration } from '../input/durations.ts'
import { AssetNames } from '../resolve/assets.ts'
import { text } from '../texts/text.ts'

export type Service = components['schemas']['Service']
type Content = Readonly<Record<string, unknown>>

/** A service as a file says it: machines by their paths, delays as durations. */
export interface ServiceEntry {
  readonly name: string
  readonly kind: string
  readonly equipment: string
  readonly description: string
  readonly settings: Record<string, unknown>
  readonly alarm: Service['alarm']
  readonly publish: boolean
}

const FIELDS = ['name', 'kind', 'equipment', 'description', 'settings', 'alarm', 'publish']

/** The services of a file. Errors: wrong usage, with what is wrong where. */
export async function readServices(file: string): Promise<readonly ServiceEntry[]> {
  const content = await readDocument(file)
  if (!isContent(content)) throw usage(text('services.badFile', { file }))
  const all = content['services'] === undefined ? [content] : content['services']
  if (!Array.isArray(all)) throw usage(text('services.badFile', { file }))
  return all.map((entry: unknown, i) =>
    entryOf(entry, (reason) => usage(text('services.badEntry', { n: i + 1, file, reason }))),
  )
}

function entryOf(entry: unknown, wrong: (reason: string) => Error): ServiceEntry {
  if (!isContent(entry)) throw wrong(text('services.entryNeeds'))
  const unknown = Object.keys(entry).find((field) => !FIELDS.includes(field))
  if (unknown !== undefined) throw wrong(text('services.entryUnknown', { field: unknown }))
  const { name, kind, equipment, description = '', settings = {}, publish = false } = entry
  const texts = [name, kind, equipment, description]
  if (!texts.every((each) => typeof each === 'string') || !isContent(settings) || typeof publish !== 'boolean')
    throw wrong(text('services.entryNeeds'))
  return {
    name,
    kind,
    equipment,
    description,
    settings,
    publish,
    alarm: alarmOf(entry['alarm'], wrong),
  } as ServiceEntry
}

function alarmOf(given: unknown, wrong: (reason: string) => Error): Service['alarm'] {
  if (given === undefined || given === null) return null
  // The word alone is enough.
  if (typeof given === 'string') return { priority: given as 'high' }
  if (!isContent(given)) throw wrong(text('services.entryNeeds'))
  const { onDelay, ...rest } = given
  if (onDelay === undefined) return rest as Service['alarm']
  const delay = typeof onDelay === 'number' ? onDelay : readDuration(String(onDelay))
  if (delay === undefined) throw wrong(text('services.entryDuration'))
  return { ...rest, onDelay: delay } as Service['alarm']
}

/** The service as it can be applied again, here or on another platform. */
export async function serviceFile(client: Client, service: Service): Promise<Record<string, unknown>> {
  const paths = await new AssetNames(client).paths([service.equipment])
  const { alarm } = service
  return {
    name: service.name,
    kind: service.kind,
    equipment: paths.get(service.equipment) ?? service.equipment,
    ...(service.description === '' ? {} : { description: service.description }),
    settings: service.settings,
    ...(alarm === null
      ? {}
      : { alarm: { ...alarm, ...(alarm.onDelay === undefined ? {} : { onDelay: writeDuration(alarm.onDelay) }) } }),
    ...(service.state === 'live' ? { publish: true } : {}),
  }
}

const isContent = (value: unknown): value is Content =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
