import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, command, given, group } from '../command.ts'
import { usage } from '../errors.ts'
import { type PageOptions, pageOptions, readAll, readPages, showPage } from '../listing.ts'
import { shortId } from '../output/values.ts'
import { AssetNames } from '../resolve/assets.ts'
import { findGrant, findRole, findUser } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { PERMISSIONS } from './words.ts'

type Permission = (typeof PERMISSIONS)[number]

/** `asset:read,asset:write`; `asset:*` for all of an area. */
function permissions(given: string, before: readonly Permission[] | undefined): Permission[] {
  const found = given.split(',').flatMap((word) => {
    const asked = word.trim()
    const fitting = asked.endsWith(':*') ? PERMISSIONS.filter((one) => one.startsWith(asked.slice(0, -1))) : [asked]
    if (fitting.length === 0) throw new InvalidArgumentError(text('input.choice', { values: PERMISSIONS.join(', ') }))
    return fitting.map(choice(PERMISSIONS))
  })
  return [...new Set([...(before ?? []), ...found])]
}

interface RoleOptions {
  readonly name?: string
  readonly description?: string
  readonly permission?: Permission[]
  readonly yes?: boolean
}

export function roleCommands(program: Command, cli: Cli): void {
  const roles = group(program, 'roles', 'roles.group', ['role'])

  command(roles, 'list', { text: 'roles.list', examples: ['roles list', 'roles list --json'], standard: true }).action(
    async () => {
      const { client } = await cli.connect()
      showPage(
        cli,
        await client.listRoles(),
        [
          { title: text('fields.name'), value: ({ name }) => name },
          { title: text('fields.builtIn'), value: ({ builtIn }) => (builtIn ? text('values.yes') : ''), whole: true },
          { title: text('fields.permissions'), value: (role) => role.permissions.join(' ') },
          { title: text('fields.description'), value: ({ description }) => description, drop: 1 },
        ],
        text('roles.none'),
      )
    },
  )

  roleOptions(
    command(roles, 'create <name>', {
      text: 'roles.create',
      examples: ['roles create "Shift lead" --permission asset:read,signal:read,alarm:*'],
    }),
  ).action(async (name: string, options: RoleOptions) => {
    const { client } = await cli.connect()
    const role = await client.createRole({
      body: { name, description: options.description ?? '', permissions: options.permission ?? [] },
    })
    if (cli.out.json) return cli.out.value(role)
    cli.out.line(text('roles.created', { name: role.name, n: role.permissions.length }))
  })

  roleOptions(
    command(roles, 'set <role>', {
      text: 'roles.set',
      examples: ['roles set "Shift lead" --permission asset:read,signal:read'],
    }).option('--name <name>', text('options.name')),
  ).action(async (named: string, options: RoleOptions) => {
    const { name, description, permission } = options
    const body = given({ name, description, permissions: permission })
    if (Object.keys(body).length === 0) throw usage(text('input.nothingToChange'))
    const { client } = await cli.connect()
    const role = await findRole(client, named)
    const changed = await client.updateRole({ params: { id: role.id }, body, ifMatch: role.version })
    if (cli.out.json) return cli.out.value(changed)
    cli.out.line(text('roles.changed', { name: changed.name, n: changed.permissions.length }))
  })

  command(roles, 'delete <role>', { text: 'roles.delete', examples: ['roles delete "Shift lead" --yes'] })
    .option('-y, --yes', text('options.yes'))
    .action(async (named: string, options: { yes?: boolean }) => {
      const { client } = await cli.connect()
      const role = await findRole(client, named)
      await cli.confirm(text('roles.deleteQuestion', { name: role.name }), options.yes)
      await client.deleteRole({ params: { id: role.id } })
      if (!cli.out.json) cli.out.line(text('roles.deleted', { name: role.name }))
    })
}

const roleOptions = (made: Command): Command =>
  made
    .option('--permission <names>', text('roles.permission'), permissions)
    .option('--description <text>', text('options.description'))

export function grantCommands(program: Command, cli: Cli): void {
  const grants = group(program, 'grants', 'grants.group', ['grant'])

  pageOptions(
    command(grants, 'list', {
      text: 'grants.list',
      examples: ['grants list', 'grants list --user ann@example.com'],
      standard: true,
    })
      .option('--user <user>', text('grants.user'))
      .option('--at <node>', text('grants.atFilter')),
  ).action((options: PageOptions & { user?: string; at?: string }) => listGrants(cli, options))

  command(grants, 'give <user> <role>', {
    text: 'grants.give',
    examples: ['grants give ann@example.com Operator --at "Plant North"', 'grants give ann@example.com Administrator'],
  })
    .option('--at <node>', text('grants.at'))
    .action(async (userName: string, roleName: string, options: { at?: string }) => {
      const { client } = await cli.connect()
      const node = options.at === undefined ? undefined : await new AssetNames(client).get(options.at)
      const [user, role] = await Promise.all([findUser(client, userName), findRole(client, roleName)])
      const grant = await client.createGrant({ body: { user: user.id, role: role.id, node: node?.id ?? null } })
      if (cli.out.json) return cli.out.value(grant)
      const where = node === undefined ? text('grants.everywhere') : text('grants.atNode', { node: node.name })
      cli.out.line(text('grants.given', { user: user.name, role: role.name, where }))
    })

  command(grants, 'take <grant>', { text: 'grants.take', examples: ['grants take 7r6y5n'] })
    .option('-y, --yes', text('options.yes'))
    .action(async (named: string, options: { yes?: boolean }) => {
      const { client } = await cli.connect()
      const grant = await findGrant(client, named)
      await cli.confirm(text('grants.takeQuestion', { id: grant.id }), options.yes)
      await client.deleteGrant({ params: { id: grant.id } })
      if (!cli.out.json) cli.out.line(text('grants.taken', { id: grant.id }))
    })
}

async function listGrants(cli: Cli, options: PageOptions & { user?: string; at?: string }): Promise<void> {
  const { client } = await cli.connect()
  const assets = new AssetNames(client)
  const query = given({
    user: options.user === undefined ? undefined : (await findUser(client, options.user)).id,
    node: options.at === undefined ? undefined : (await assets.get(options.at)).id,
  })
  const page = await readPages((part) => client.listGrants({ query: { ...query, ...part } }), options)
  if (cli.out.json) return cli.out.value(page)
  const [users, roles, paths] = await Promise.all([
    readAll((part) => client.listUsers({ query: part })),
    client.listRoles(),
    assets.paths(page.items.map(({ node }) => node)),
  ])
  const userName = new Map(users.map(({ id, email }) => [id, email]))
  const roleName = new Map(roles.items.map(({ id, name }) => [id, name]))
  showPage(
    cli,
    page,
    [
      { title: text('fields.id'), value: ({ id }) => shortId(id), whole: true },
      { title: text('fields.user'), value: ({ user }) => userName.get(user) ?? user },
      { title: text('fields.role'), value: ({ role }) => roleName.get(role) ?? role },
      {
        title: text('fields.at'),
        value: ({ node }) => (node === null ? text('grants.everywhere') : (paths.get(node) ?? node)),
      },
      { title: text('fields.created'), value: ({ createdAt }) => cli.out.time(createdAt), whole: true, drop: 1 },
    ],
    text('grants.none'),
  )
}
