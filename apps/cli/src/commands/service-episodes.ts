import type { components } from '@millwright/sdk'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, command, given } from '../command.ts'
import { usage } from '../errors.ts'
import { parseMoment } from '../input/times.ts'
import { type PageOptions, pageOptions, readAll, readPages, showPage } from '../listing.ts'
import { isId, pick } from '../resolve/name.ts'
import { findService } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { spanOptions } from './query.ts'
import { VERDICTS } from './words.ts'

type Episode = components['schemas']['Episode']
type Client = Awaited<ReturnType<Cli['connect']>>['client']

/** What services found, and what people say of it. */
export function serviceEpisodeCommands(services: Command, cli: Cli): void {
  pageOptions(
    spanOptions(
      command(services, 'episodes <service>', {
        text: 'services.episodes',
        examples: ['services episodes "Pump watch"', 'services episodes "Pump watch" --from -7d --unlabelled'],
      })
        .option('--labelled', text('services.labelled'))
        .option('--unlabelled', text('services.unlabelled')),
    ),
  ).action((named: string, options: EpisodeOptions) => episodes(cli, named, options))

  spanOptions(
    command(services, 'label <service> <verdict> [episode]', {
      text: 'services.label',
      examples: [
        'services label "Pump watch" right epi_01k5zsx0v3m8f3t9q2w7r6y5n4 --what cavitation',
        'services label "Pump watch" other --from -2h --to -1h --what "cleaning"',
      ],
    }).option('--what <text>', text('services.what')),
  ).action((named: string, verdict: string, episode: string | undefined, options: LabelOptions) =>
    label(cli, named, verdict, episode, options),
  )

  pageOptions(
    command(services, 'labels <service>', { text: 'services.labels', examples: ['services labels "Pump watch"'] }),
  ).action((named: string, options: PageOptions) => labels(cli, named, options))

  command(services, 'unlabel <service> <label>', {
    text: 'services.unlabel',
    examples: ['services unlabel "Pump watch" lbl_01k5zsx0v3m8f3t9q2w7r6y5n4'],
  }).action(async (named: string, one: string) => {
    const { client } = await cli.connect()
    const { id } = await findService(client, named)
    await client.deleteLabel({ params: { id, label: one } })
    if (!cli.out.json) cli.out.line(text('services.unsaid'))
  })
}

interface EpisodeOptions extends PageOptions {
  readonly from?: string
  readonly to?: string
  readonly labelled?: boolean
  readonly unlabelled?: boolean
}

interface LabelOptions {
  readonly from?: string
  readonly to?: string
  readonly what?: string
}

async function episodes(cli: Cli, named: string, options: EpisodeOptions): Promise<void> {
  const { client } = await cli.connect()
  const { id, name } = await findService(client, named)
  const now = cli.now()
  const query = given({
    from: options.from === undefined ? undefined : parseMoment(options.from, now),
    to: options.to === undefined ? undefined : parseMoment(options.to, now),
    labelled: options.labelled === true ? true : options.unlabelled === true ? false : undefined,
  })
  const page = await readPages((part) => client.listEpisodes({ params: { id }, query: { ...query, ...part } }), options)
  const { out } = cli
  showPage(
    cli,
    page,
    [
      { title: text('fields.from'), value: ({ from }) => out.time(from), whole: true },
      {
        title: text('fields.to'),
        value: ({ to }) => (to === null ? text('services.goesOn') : out.time(to)),
        whole: true,
      },
      {
        title: text('fields.peak'),
        value: ({ peak }) => String(Number(peak.toPrecision(3))),
        align: 'right',
        whole: true,
      },
      { title: text('fields.explanation'), value: ({ explanation }) => explanation },
      { title: text('fields.likeness'), value: ({ similar }) => likeness(cli, similar), drop: 3 },
      {
        title: text('fields.verdict'),
        value: ({ label: said }) => (said === null ? '' : [said.verdict, said.what].filter(Boolean).join(': ')),
        drop: 2,
      },
      { title: text('fields.id'), value: (episode) => episode.id, whole: true, drop: 1 },
    ],
    text('services.noEpisodes', { name }),
  )
}

function likeness(cli: Cli, similar: Episode['similar']): string {
  if (similar === null) return ''
  const what = similar.what === null ? '' : ` (${similar.what})`
  return text('services.likeEarlier', {
    percent: Math.round(similar.likeness * 100),
    time: cli.out.time(similar.from),
    what,
  })
}

async function label(
  cli: Cli,
  named: string,
  said: string,
  episode: string | undefined,
  options: LabelOptions,
): Promise<void> {
  const verdict = choice(VERDICTS)(said)
  const { client } = await cli.connect()
  const { id } = await findService(client, named)
  const now = cli.now()
  const { from, to, what } = options
  if (episode === undefined && from === undefined) throw usage(text('services.needsSpan'))
  const span = {
    from: from === undefined ? undefined : parseMoment(from, now),
    to: from === undefined ? undefined : to === undefined ? now : parseMoment(to, now),
  }
  const about = episode === undefined ? span : { episode: await episodeId(client, id, episode) }
  const made = await client.createLabel({ params: { id }, body: given({ verdict, what, ...about }) })
  if (cli.out.json) return cli.out.value(made)
  cli.out.line(text('services.said', { verdict }))
}

/** By its id, or the end of it. */
async function episodeId(client: Client, service: string, given: string): Promise<string> {
  if (isId('epi', given)) return given
  const candidates = await readAll((query) => client.listEpisodes({ params: { id: service }, query }))
  const idOf = ({ id }: Episode) => id
  return pick({ kind: text('kinds.episode'), given, candidates, nameOf: idOf, idOf }).id
}

async function labels(cli: Cli, named: string, options: PageOptions): Promise<void> {
  const { client } = await cli.connect()
  const { id, name } = await findService(client, named)
  const page = await readPages((query) => client.listLabels({ params: { id }, query }), options)
  const { out } = cli
  showPage(
    cli,
    page,
    [
      { title: text('fields.from'), value: ({ from }) => out.time(from), whole: true },
      { title: text('fields.to'), value: ({ to }) => out.time(to), whole: true },
      { title: text('fields.verdict'), value: ({ verdict }) => verdict, whole: true },
      { title: text('fields.what'), value: ({ what }) => what },
      { title: text('fields.requestedBy'), value: ({ by }) => by, drop: 1 },
      { title: text('fields.id'), value: (one) => one.id, whole: true, drop: 2 },
    ],
    text('services.noLabels', { name }),
  )
}
