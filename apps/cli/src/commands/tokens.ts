import { DAY } from '@millwright/foundation'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, command, group, whole } from '../command.ts'
import { showPage } from '../listing.ts'
import { shortId } from '../output/values.ts'
import { findToken } from '../resolve/things.ts'
import { asPerson, type PersonOptions, personOptions } from '../session/person.ts'
import { permissionsOf } from '../session/sign-in.ts'
import { text } from '../texts/text.ts'
import { PERMISSIONS } from './words.ts'

const STANDARD_DAYS = 90

/** The platform gives tokens to people only, not to tokens: each of these signs in for itself. */
export function tokenCommands(program: Command, cli: Cli): void {
  const tokens = group(program, 'tokens', 'tokens.group', ['token'])

  personOptions(
    command(tokens, 'list', { text: 'tokens.list', examples: ['tokens list'], standard: true }).option(
      '--all',
      text('tokens.all'),
    ),
  ).action((options: PersonOptions & { all?: boolean }) =>
    asPerson(cli, options, async ({ client }) => {
      const { items } = await client.listTokens()
      const now = cli.now()
      const shown = items.filter(
        ({ revokedAt, expiresAt }) => options.all === true || (revokedAt === undefined && expiresAt > now),
      )
      const { out } = cli
      showPage(
        cli,
        { items: shown },
        [
          { title: text('fields.id'), value: ({ id }) => shortId(id), whole: true },
          { title: text('fields.name'), value: ({ name }) => name },
          { title: text('fields.expires'), value: ({ expiresAt }) => out.time(expiresAt), whole: true },
          { title: text('fields.lastUsed'), value: ({ lastUsedAt }) => out.time(lastUsedAt), whole: true, drop: 1 },
          { title: text('fields.revoked'), value: ({ revokedAt }) => out.time(revokedAt), whole: true, drop: 3 },
          { title: text('fields.permissions'), value: ({ permissions }) => permissions.join(' '), drop: 2 },
        ],
        text('tokens.none'),
      )
    }),
  )

  personOptions(
    command(tokens, 'create <name>', {
      text: 'tokens.create',
      examples: ['tokens create "nightly export" --permission signal:read --permission asset:read --days 365'],
    })
      .option('--permission <name>', text('tokens.permission'), several)
      .option('--days <days>', text('tokens.days', { standard: STANDARD_DAYS }), whole(1, 366)),
  ).action((name: string, options: PersonOptions & { permission?: Permission[]; days?: number }) =>
    asPerson(cli, options, async ({ client, session }) => {
      const reply = await client.createToken({
        body: {
          name,
          permissions: options.permission ?? permissionsOf(session),
          expiresAt: cli.now() + (options.days ?? STANDARD_DAYS) * DAY,
        },
      })
      if (cli.out.json) return cli.out.value(reply)
      cli.out.line(reply.secret)
      cli.out.note(text('tokens.created', { name: reply.token.name, until: cli.out.time(reply.token.expiresAt) }))
    }),
  )

  personOptions(
    command(tokens, 'revoke <token>', { text: 'tokens.revoke', examples: ['tokens revoke "nightly export"'] }).option(
      '-y, --yes',
      text('options.yes'),
    ),
  ).action((named: string, options: PersonOptions & { yes?: boolean }) =>
    asPerson(cli, options, async ({ client }) => {
      const token = await findToken(client, named)
      await cli.confirm(text('tokens.revokeQuestion', { name: token.name }), options.yes)
      await client.revokeToken({ params: { id: token.id } })
      if (!cli.out.json) cli.out.line(text('tokens.revoked', { name: token.name }))
    }),
  )
}

type Permission = (typeof PERMISSIONS)[number]

const several = (given: string, before: readonly Permission[] | undefined): Permission[] => [
  ...(before ?? []),
  ...given.split(',').map((word) => choice(PERMISSIONS)(word.trim())),
]
