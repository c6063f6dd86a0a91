import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client, components } from '@millwright/sdk'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { collect, command, given, whole } from '../command.ts'
import { EXIT, usage } from '../errors.ts'
import { withPaths } from '../input/config-paths.ts'
import { readDocument } from '../input/documents.ts'
import { parseMoment } from '../input/times.ts'
import { type PageOptions, pageOptions, readPages } from '../listing.ts'
import { AssetNames } from '../resolve/assets.ts'
import { findService } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { spanOptions } from './query.ts'
import { showReadiness, showVersion, showVersions } from './service-view.ts'

type Version = components['schemas']['ServiceVersion']
type Job = components['schemas']['ServiceJob']

interface SpanOptions {
  readonly from?: string
  readonly to?: string
}

/** Trainings, models from elsewhere, publishing, and the past scored again. */
export function serviceRunCommands(services: Command, cli: Cli): void {
  historyOptions(
    command(services, 'readiness [service]', {
      text: 'services.readiness',
      examples: ['services readiness "Pump watch"', 'services readiness --kind anomaly --equipment P-101 --from -30d'],
    })
      .option('--kind <kind>', text('services.kind'))
      .option('--equipment <node>', text('services.equipment'))
      .option('--set <path=value>', text('services.set'), collect),
  ).action((named: string | undefined, options: ReadinessOptions) => readiness(cli, named, options))

  historyOptions(
    command(services, 'train <service>', {
      text: 'services.train',
      examples: ['services train "Pump watch" --publish', 'services train "Pump watch" --from -60d --to -1d'],
    })
      .option('--no-wait', text('services.noWait'))
      .option('--publish', text('services.publishToo')),
  ).action((named: string, options: SpanOptions & { wait: boolean; publish?: boolean }) => train(cli, named, options))

  command(services, 'upload <service> <model>', {
    text: 'services.upload',
    examples: ['services upload "Power estimate" model.onnx --manifest model.yaml --publish'],
  })
    .requiredOption('--manifest <file>', text('services.manifest'))
    .option('--publish', text('services.publishToo'))
    .action((named: string, model: string, options: { manifest: string; publish?: boolean }) =>
      upload(cli, named, model, options),
    )

  pageOptions(
    command(services, 'versions <service> [number]', {
      text: 'services.versions',
      examples: ['services versions "Pump watch"', 'services versions "Pump watch" 3 --json'],
    }),
  ).action(async (named: string, number: string | undefined, options: PageOptions) => {
    const { client } = await cli.connect()
    const { id, name } = await findService(client, named)
    if (number !== undefined) {
      const params = { id, number: whole(1, 1_000_000)(number) }
      return showVersion(cli, await client.getServiceVersion({ params }))
    }
    showVersions(cli, name, await readPages((query) => client.listServiceVersions({ params: { id }, query }), options))
  })

  command(services, 'cancel <service>', { text: 'services.cancel', examples: ['services cancel "Pump watch"'] }).action(
    (named: string) => cancel(cli, named),
  )

  command(services, 'publish <service> [number]', {
    text: 'services.publish',
    examples: ['services publish "Pump watch"', 'services publish "Pump watch" 2'],
  }).action(async (named: string, number: string | undefined) => {
    const { client } = await cli.connect()
    const { id } = await findService(client, named)
    const body = number === undefined ? {} : { number: whole(1, 1_000_000)(number) }
    const service = await client.publishService({ params: { id }, body })
    if (cli.out.json) return cli.out.value(service)
    cli.out.line(text('services.published', { n: service.liveVersion ?? 0, name: service.name }))
  })

  command(services, 'stop <service>', { text: 'services.stop', examples: ['services stop "Pump watch"'] }).action(
    async (named: string) => {
      const { client } = await cli.connect()
      const { id } = await findService(client, named)
      const service = await client.stopService({ params: { id } })
      if (cli.out.json) return cli.out.value(service)
      cli.out.line(text('services.stopped', { name: service.name }))
    },
  )

  spanOptions(
    command(services, 'recompute <service>', {
      text: 'services.recompute',
      examples: ['services recompute "Pump watch" --from -7d', 'services recompute "Pump watch" --from -7d --number 2'],
    })
      .option('--number <n>', text('services.number'), whole(1, 1_000_000))
      .option('--no-wait', text('services.noWait')),
  ).action((named: string, options: SpanOptions & { number?: number; wait: boolean }) => recompute(cli, named, options))
}

const historyOptions = (made: Command): Command =>
  made.option('--from <time>', text('services.from')).option('--to <time>', text('services.to'))

const spanOf = (cli: Cli, { from, to }: SpanOptions) =>
  given({
    from: from === undefined ? undefined : parseMoment(from, cli.now()),
    to: to === undefined ? undefined : parseMoment(to, cli.now()),
  })

interface ReadinessOptions extends SpanOptions {
  readonly kind?: string
  readonly equipment?: string
  readonly set?: string[]
}

async function readiness(cli: Cli, named: string | undefined, options: ReadinessOptions): Promise<void> {
  const { client } = await cli.connectPatiently()
  const held = named === undefined ? undefined : await findService(client, named)
  const kind = options.kind ?? held?.kind
  const equipment =
    options.equipment === undefined ? held?.equipment : (await new AssetNames(client).get(options.equipment)).id
  if (kind === undefined || equipment === undefined) throw usage(text('services.incomplete'))
  const settings = withPaths(held?.settings ?? {}, options.set ?? [])
  const body = { kind, equipment, settings, ...spanOf(cli, options) }
  const found = await client.checkReadiness({ body })
  showReadiness(cli, found)
  if (found.level === 'missing') process.exitCode = EXIT.refused
}

async function train(
  cli: Cli,
  named: string,
  options: SpanOptions & { wait: boolean; publish?: boolean },
): Promise<void> {
  const { client } = await cli.connect()
  const { id, name } = await findService(client, named)
  const begun = await client.trainService({ params: { id }, body: spanOf(cli, options) })
  if (!options.wait && options.publish !== true) {
    if (cli.out.json) return cli.out.value(begun)
    cli.out.line(text('services.begun', { n: begun.number, name }))
    return
  }
  await concluded(cli, client, name, begun, options.publish)
}

async function upload(
  cli: Cli,
  named: string,
  model: string,
  options: { manifest: string; publish?: boolean },
): Promise<void> {
  const { client } = await cli.connectPatiently()
  const { id, name } = await findService(client, named)
  const manifest = await readDocument(options.manifest)
  const bytes = await readFile(model)
  const begun = await client.uploadServiceVersion({
    params: { id },
    body: { manifest, model: bytes.toString('base64') },
  })
  await concluded(cli, client, name, begun, options.publish)
}

async function concluded(
  cli: Cli,
  client: Client,
  name: string,
  begun: Version,
  publish: boolean | undefined,
): Promise<void> {
  const version = await followVersion(cli, client, name, begun)
  if (version.state !== 'ready') process.exitCode = EXIT.refused
  else if (publish === true) {
    await client.publishService({ params: { id: version.service }, body: { number: version.number } })
    if (!cli.out.json) cli.out.line(text('services.published', { n: version.number, name }))
  }
  if (cli.out.json)
    cli.out.value(await client.getServiceVersion({ params: { id: version.service, number: version.number } }))
}

/** Asks until the version has an end; tells it. */
export async function followVersion(cli: Cli, client: Client, name: string, begun: Version): Promise<Version> {
  const params = { id: begun.service, number: begun.number }
  const version = await followed(cli, name, begun, () => client.getServiceVersion({ params }))
  if (cli.out.json) return version
  const { number: n, state, report, failure } = version
  if (state === 'ready') cli.out.line(text('services.trained', { n, name, summary: report?.summary ?? '' }))
  else cli.out.line(text('services.notTrained', { n, name, state, failure: failure ?? '' }))
  return version
}

async function recompute(
  cli: Cli,
  named: string,
  options: SpanOptions & { number?: number; wait: boolean },
): Promise<void> {
  const { client } = await cli.connect()
  const { id, name } = await findService(client, named)
  if (options.from === undefined) throw usage(text('services.needsSpan'))
  const now = cli.now()
  const span = {
    from: parseMoment(options.from, now),
    to: options.to === undefined ? now : parseMoment(options.to, now),
  }
  const begun = await client.recomputeService({
    params: { id },
    body: { ...span, ...given({ number: options.number }) },
  })
  if (!options.wait) {
    if (cli.out.json) return cli.out.value(begun)
    cli.out.line(text('services.recomputing', { name, id: begun.id }))
    return
  }
  const job = await followed(cli, name, begun, async () => {
    const { items } = await client.listServiceJobs({ params: { id }, query: {} })
    return items.find((each) => each.id === begun.id) ?? begun
  })
  if (job.state !== 'ready') process.exitCode = EXIT.refused
  if (cli.out.json) return cli.out.value(job)
  if (job.state === 'ready') cli.out.line(text('services.recomputed', { name, n: job.written }))
  else cli.out.line(text('services.notRecomputed', { name, state: job.state, failure: job.failure ?? '' }))
}

async function followed<T extends Version | Job>(cli: Cli, name: string, begun: T, ask: () => Promise<T>): Promise<T> {
  const progress = cli.out.progress()
  let now = begun
  for (let wait = 50; now.state === 'waiting' || now.state === 'running'; wait = Math.min(1000, wait * 2)) {
    const { stage, progress: fraction } = now
    progress.at(() => text('services.progress', { name, stage, percent: Math.round(fraction * 100) }))
    await pause(wait)
    now = await ask()
  }
  progress.end()
  return now
}

async function cancel(cli: Cli, named: string): Promise<void> {
  const { client } = await cli.connect()
  const { id, name, training } = await findService(client, named)
  const { items } = await client.listServiceJobs({ params: { id }, query: {} })
  const open = items.filter(({ state }) => state === 'waiting' || state === 'running')
  if (training === null && open.length === 0) throw usage(text('services.nothingRuns', { name }))
  const done: unknown[] = []
  if (training !== null) done.push(await client.cancelTraining({ params: { id, number: training.number } }))
  for (const job of open) done.push(await client.cancelServiceJob({ params: { id, job: job.id } }))
  if (cli.out.json) return cli.out.value({ items: done })
  cli.out.line(text('services.cancelled'))
}
