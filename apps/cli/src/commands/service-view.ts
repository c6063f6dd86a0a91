import type { Client, components } from '@millwright/sdk'
import type { Cli } from '../cli.ts'
import { refused } from '../errors.ts'
import { type Page, showPage } from '../listing.ts'
import { AssetNames } from '../resolve/assets.ts'
import { text } from '../texts/text.ts'
import type { Service } from './service-file.ts'

type Version = components['schemas']['ServiceVersion']
type Readiness = components['schemas']['Readiness']

export async function showKinds(cli: Cli, named: string | undefined): Promise<void> {
  const { client } = await cli.connect()
  const { items } = await client.listServiceKinds()
  const { out } = cli
  if (named !== undefined) {
    const kind = items.find(({ id }) => id === named)
    if (kind === undefined) throw refused(text('resolve.unknown', { kind: text('fields.kind'), given: named }))
    if (out.json) return out.value(kind)
    const { properties = {} } = kind.settingsSchema as {
      properties?: Record<string, { title?: string; description?: string }>
    }
    out.record([
      [text('fields.name'), kind.name],
      [text('fields.summary'), kind.summary],
      [text('fields.outputs'), kind.outputs.map(({ name, about }) => `${name}: ${about}`).join('\n')],
      [
        text('fields.settings'),
        Object.entries(properties)
          .map(([name, { title = name, description = '' }]) => `${name}: ${title}. ${description}`)
          .join('\n'),
      ],
    ])
    return
  }
  showPage(
    cli,
    { items },
    [
      { title: text('fields.kind'), value: ({ id }) => id, whole: true },
      { title: text('fields.name'), value: ({ name }) => name, whole: true },
      { title: text('fields.summary'), value: ({ summary }) => summary },
    ],
    text('services.none'),
  )
}

export async function showService(cli: Cli, client: Client, service: Service): Promise<void> {
  const { out } = cli
  if (out.json) return out.value(service)
  const paths = await new AssetNames(client).paths([service.equipment])
  const { training, alarm, liveVersion } = service
  out.record([
    [text('fields.name'), service.name],
    [text('fields.description'), service.description],
    [text('fields.kind'), service.kind],
    [text('fields.equipment'), paths.get(service.equipment) ?? service.equipmentName],
    [text('fields.state'), service.state],
    [text('fields.fault'), service.fault?.reason],
    [text('fields.trouble'), service.trouble ?? ''],
    [text('fields.live'), liveVersion === null ? '' : String(liveVersion)],
    [
      text('fields.progress'),
      training === null
        ? ''
        : text('services.progress', {
            name: String(training.number),
            percent: Math.round(training.progress * 100),
            stage: training.stage,
          }),
    ],
    [text('fields.alarm'), alarm?.priority ?? ''],
    [text('fields.settings'), JSON.stringify(service.settings)],
    [
      text('fields.outputs'),
      service.outputs
        .map(({ signalName, about }) => (about === '' ? signalName : `${signalName}: ${about}`))
        .join('\n'),
    ],
    [text('fields.lastScored'), out.time(service.lastScoredAt)],
    [text('fields.created'), out.time(service.createdAt)],
    [text('fields.id'), service.id],
  ])
}

export function showVersions(cli: Cli, name: string, page: Page<Version>): void {
  const { out } = cli
  showPage(
    cli,
    page,
    [
      { title: text('fields.number'), value: ({ number }) => String(number), align: 'right', whole: true },
      {
        title: text('fields.state'),
        value: ({ state, live }) => (live ? `${state}, ${text('fields.live').toLowerCase()}` : state),
        whole: true,
      },
      { title: text('fields.created'), value: ({ createdAt }) => out.time(createdAt), whole: true },
      { title: text('fields.requestedBy'), value: ({ createdBy }) => createdBy, drop: 1 },
      { title: text('fields.summary'), value: ({ report, failure, stage }) => report?.summary ?? failure ?? stage },
    ],
    text('services.noVersions', { name }),
  )
}

export function showVersion(cli: Cli, version: Version): void {
  const { out } = cli
  if (out.json) {
    out.value(version)
    return
  }
  const { report } = version
  const figures = (all: NonNullable<Version['report']>['figures']) =>
    all
      .map(({ name, value, unit }) => `${name}: ${Number(value.toPrecision(5))}${unit === '1' ? '' : ` ${unit}`}`)
      .join('\n')
  out.record([
    [text('fields.number'), String(version.number)],
    [text('fields.state'), version.state],
    [text('fields.error'), version.failure ?? ''],
    [text('fields.summary'), report?.summary ?? ''],
    [
      text('fields.trainedOn'),
      version.from === null || version.to === null ? '' : `${out.time(version.from)} – ${out.time(version.to)}`,
    ],
    [
      text('fields.used'),
      report?.used.map(({ name, rows }) => (rows === 0 ? name : `${name} (${rows})`)).join('\n') ?? '',
    ],
    [text('fields.leftOut'), report?.leftOut.map(({ what, reason }) => `${what}: ${reason}`).join('\n') ?? ''],
    [text('fields.split'), report?.validation?.split ?? ''],
    [text('fields.validation'), figures(report?.validation?.figures ?? [])],
    [text('fields.values'), figures(report?.figures ?? [])],
    [text('fields.detail'), report?.notes.join('\n') ?? ''],
    [text('fields.created'), out.time(version.createdAt)],
    [text('fields.requestedBy'), version.createdBy],
  ])
}

export function showReadiness(cli: Cli, readiness: Readiness): void {
  const { out } = cli
  if (out.json) {
    out.value(readiness)
    return
  }
  for (const { level, sentence } of readiness.findings)
    out.line(`${level === 'ok' ? text('services.ready') : level}: ${sentence}`)
  showPage(
    cli,
    { items: readiness.inputs },
    [
      { title: text('fields.signal'), value: ({ name }) => name },
      {
        title: text('fields.readings'),
        value: ({ readings }) => readings.toLocaleString('en'),
        align: 'right',
        whole: true,
      },
      {
        title: text('fields.coverage'),
        value: ({ coverage }) => `${Math.round(coverage * 100)} %`,
        align: 'right',
        whole: true,
      },
      { title: text('fields.oldest'), value: ({ oldest }) => out.time(oldest), drop: 1 },
      { title: text('fields.newest'), value: ({ newest }) => out.time(newest), drop: 2 },
    ],
    text('services.none'),
  )
}
