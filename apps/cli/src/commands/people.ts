import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { command, given, group } from '../command.ts'
import { usage } from '../errors.ts'
import { type PageOptions, pageOptions, readPages, showPage } from '../listing.ts'
import { findUser } from '../resolve/things.ts'
import { text } from '../texts/text.ts'

export function userCommands(program: Command, cli: Cli): void {
  const users = group(program, 'users', 'users.group', ['user'])

  pageOptions(
    command(users, 'list', {
      text: 'users.list',
      examples: ['users list', 'users list --search ann'],
      standard: true,
    }).option('--search <text>', text('options.search')),
  ).action(async (options: PageOptions & { search?: string }) => {
    const { client } = await cli.connect()
    const { out } = cli
    const query = given({ q: options.search })
    const page = await readPages((part) => client.listUsers({ query: { ...query, ...part } }), options)
    showPage(
      cli,
      page,
      [
        { title: text('fields.name'), value: ({ name }) => name },
        { title: text('fields.email'), value: ({ email }) => email, readable: 24 },
        { title: text('fields.state'), value: ({ state }) => state, whole: true },
        { title: text('fields.lastSignIn'), value: ({ lastSignInAt }) => out.time(lastSignInAt), whole: true, drop: 2 },
        { title: text('fields.id'), value: ({ id }) => id, whole: true, drop: 3 },
      ],
      text('users.none'),
    )
  })

  command(users, 'invite <email> <name>', {
    text: 'users.invite',
    examples: ['users invite ann@example.com "Ann Miller"'],
  }).action(async (email: string, name: string) => {
    const { client } = await cli.connect()
    const reply = await client.createUser({ body: { email, name } })
    if (cli.out.json) return cli.out.value(reply)
    cli.out.line(reply.link)
    cli.out.note(text('users.invited', { email }))
  })

  command(users, 'link <user>', { text: 'users.link', examples: ['users link ann@example.com'] }).action(
    async (named: string) => {
      const { client } = await cli.connect()
      const user = await findUser(client, named)
      const reply = await client.createSignInLink({ params: { id: user.id } })
      if (cli.out.json) return cli.out.value(reply)
      cli.out.line(reply.link)
      cli.out.note(text('users.linkMade', { email: user.email, until: cli.out.time(reply.expiresAt) }))
    },
  )

  command(users, 'set <user>', {
    text: 'users.set',
    examples: ['users set ann@example.com --name "Ann Smith"', 'users set ann@example.com --disable'],
  })
    .option('--name <name>', text('options.name'))
    .option('--disable', text('users.disable'))
    .option('--enable', text('users.enable'))
    .action(async (named: string, options: { name?: string; disable?: boolean; enable?: boolean }) => {
      if (options.disable === true && options.enable === true) throw usage(text('devices.disableOrEnable'))
      const state = options.disable === true ? 'disabled' : options.enable === true ? 'active' : undefined
      const body = given({ name: options.name, state: state as 'disabled' | 'active' | undefined })
      if (Object.keys(body).length === 0) throw usage(text('input.nothingToChange'))
      const { client } = await cli.connect()
      const user = await findUser(client, named)
      const changed = await client.updateUser({ params: { id: user.id }, body, ifMatch: user.version })
      if (cli.out.json) return cli.out.value(changed)
      cli.out.line(text('users.changed', { name: changed.name, email: changed.email, state: changed.state }))
    })
}
