import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, collect, command, group } from '../command.ts'
import { parseMoment } from '../input/times.ts'
import { showPage } from '../listing.ts'
import { shortId } from '../output/values.ts'
import { AssetNames } from '../resolve/assets.ts'
import { findShare, findTenant } from '../resolve/things.ts'
import { text } from '../texts/text.ts'

export function tenantCommands(program: Command, cli: Cli): void {
  const tenants = group(program, 'tenants', 'tenants.group', ['tenant'])

  command(tenants, 'list', { text: 'tenants.list', examples: ['tenants list'], standard: true }).action(async () => {
    const { client } = await cli.connect()
    showPage(
      cli,
      await client.listTenants(),
      [
        { title: text('fields.name'), value: ({ name }) => name },
        { title: text('fields.created'), value: ({ createdAt }) => cli.out.time(createdAt), whole: true },
        { title: text('fields.id'), value: ({ id }) => id, whole: true },
      ],
      text('tenants.none'),
    )
  })

  command(tenants, 'create <name>', {
    text: 'tenants.create',
    examples: ['tenants create "Customer Ltd" --admin-email bob@customer.example --admin-name "Bob Brown"'],
  })
    .requiredOption('--admin-email <address>', text('tenants.adminEmail'))
    .requiredOption('--admin-name <name>', text('tenants.adminName'))
    .action(async (name: string, options: { adminEmail: string; adminName: string }) => {
      const { client } = await cli.connect()
      const reply = await client.createTenant({ body: { name, ...options } })
      if (cli.out.json) return cli.out.value(reply)
      cli.out.line(reply.link)
      cli.out.note(text('tenants.created', { name, id: reply.tenant.id, email: options.adminEmail }))
    })
}

interface ShareOptions {
  readonly signal?: string[]
  readonly purpose?: string
  readonly until?: string
}

const DIRECTIONS = ['given', 'received'] as const

export function shareCommands(program: Command, cli: Cli): void {
  const shares = group(program, 'shares', 'shares.group', ['share'])

  command(shares, 'list', {
    text: 'shares.list',
    examples: ['shares list', 'shares list --direction received'],
    standard: true,
  })
    .option('--direction <which>', text('shares.direction', { ways: DIRECTIONS.join(', ') }), choice(DIRECTIONS))
    .action(async (options: { direction?: (typeof DIRECTIONS)[number] }) => {
      const { client } = await cli.connect()
      const { out } = cli
      showPage(
        cli,
        await client.listShares(options.direction === undefined ? {} : { query: { direction: options.direction } }),
        [
          { title: text('fields.id'), value: ({ id }) => shortId(id), whole: true },
          { title: text('fields.equipment'), value: ({ nodeName }) => nodeName },
          { title: text('fields.owner'), value: ({ ownerName }) => ownerName },
          { title: text('fields.partner'), value: ({ partnerName }) => partnerName },
          {
            title: text('fields.signals'),
            value: ({ signals }) => (signals.length === 0 ? text('shares.allSignals') : signals.join(', ')),
          },
          {
            title: text('fields.validUntil'),
            value: ({ until, revokedAt }) => (revokedAt === undefined ? out.time(until) : text('shares.ended')),
            whole: true,
          },
          { title: text('fields.purpose'), value: ({ purpose }) => purpose, drop: 1 },
        ],
        text('shares.none'),
      )
    })

  command(shares, 'create <partner> <node>', {
    text: 'shares.create',
    examples: [
      'shares create ten_01k5… "Plant North/P-101" --signal temperature --purpose "remote service" --until 2027-12-31',
    ],
  })
    .option('--signal <name>', text('shares.signal'), collect)
    .option('--purpose <text>', text('shares.purpose'))
    .option('--until <time>', text('shares.until'))
    .action(async (partner: string, node: string, options: ShareOptions) => {
      const until = options.until === undefined ? null : parseMoment(options.until, cli.now())
      const { client } = await cli.connect()
      const asset = await new AssetNames(client).get(node)
      const tenant = await findTenant(client, partner)
      const share = await client.createShare({
        body: {
          partner: tenant.id,
          node: asset.id,
          signals: options.signal ?? [],
          purpose: options.purpose ?? '',
          until,
        },
      })
      if (cli.out.json) return cli.out.value(share)
      cli.out.line(text('shares.created', { node: share.nodeName, partner: share.partnerName, id: shortId(share.id) }))
    })

  command(shares, 'revoke <share>', { text: 'shares.revoke', examples: ['shares revoke 7r6y5n'] })
    .option('-y, --yes', text('options.yes'))
    .action(async (named: string, options: { yes?: boolean }) => {
      const { client } = await cli.connect()
      const share = await findShare(client, named)
      await cli.confirm(
        text('shares.revokeQuestion', { node: share.nodeName, partner: share.partnerName }),
        options.yes,
      )
      await client.revokeShare({ params: { id: share.id } })
      if (!cli.out.json) cli.out.line(text('shares.revoked', { node: share.nodeName, partner: share.partnerName }))
    })
}
