import { hostname } from 'node:os'
import { DAY } from '@millwright/foundation'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { command, whole } from '../command.ts'
import { refused, usage } from '../errors.ts'
import { changeConfig, readConfig, withPlatform } from '../session/config-file.ts'
import { clientOf, findPlatform, type Platform } from '../session/connect.ts'
import { type PersonOptions, personOptions, signInPerson } from '../session/person.ts'
import { type OpenSession, openSession, permissionsOf } from '../session/sign-in.ts'
import { text } from '../texts/text.ts'

interface LoginOptions extends PersonOptions {
  readonly days?: number
  readonly fingerprint?: string
}

const STANDARD_DAYS = 90
const LINK = /^(https?:\/\/.+)#(mwl_\w+)$/

export function loginCommands(program: Command, cli: Cli): void {
  personOptions(
    command(program, 'login [link]', {
      text: 'login.login',
      about: 'login.about',
      examples: [
        'login --url https://plant.example:8080',
        "login 'http://localhost:8080/sign-in#mwl_…'",
        'login --url https://plant.example:8080 --email ann@example.com --password-stdin < password.txt',
      ],
    }),
  )
    .option('--days <days>', text('login.days', { standard: STANDARD_DAYS }), whole(1, 366))
    .option('--fingerprint <hex>', text('login.fingerprint'))
    .action((link: string | undefined, options: LoginOptions) => login(cli, link, options))

  command(program, 'logout', {
    text: 'login.logout',
    examples: ['logout', 'logout --url https://plant.example:8080'],
  }).action(() => logout(cli))

  command(program, 'whoami', { text: 'login.whoami', examples: ['whoami', 'whoami --json'] }).action(() => whoami(cli))
}

async function login(cli: Cli, link: string | undefined, options: LoginOptions): Promise<void> {
  const match = link === undefined ? undefined : LINK.exec(link)
  if (match === null) throw usage(text('login.badLink'))
  // The link names the address as the platform knows itself; --url says how it is reached from here.
  const url = cli.options.url ?? match?.[1]
  const platform = await findPlatform(
    { ...cli.options, ...(url === undefined ? {} : { url }), fingerprint: options.fingerprint },
    cli,
  )
  const opened =
    match === undefined ? await signInPerson(cli, platform, options) : await byLink(cli, platform, match[2]!, options)
  await keepToken(cli, platform, opened, options.days ?? STANDARD_DAYS)
}

/** A one-time link opens nothing but the door to a new password. */
async function byLink(cli: Cli, platform: Platform, token: string, options: LoginOptions): Promise<OpenSession> {
  const next = await newPassword(cli, options)
  return openSession(platform, async (client) => {
    await client.signInByLink({ body: { token } })
    return client.setPassword({ body: { next } })
  })
}

async function newPassword(cli: Cli, options: LoginOptions): Promise<string> {
  if (options.passwordStdin === true) return cli.ask.piped()
  const first = await cli.ask.secret(text('login.newPassword'))
  if (first.length < 12) throw usage(text('login.shortPassword'))
  if ((await cli.ask.secret(text('login.repeatPassword'))) !== first) throw usage(text('login.passwordsDiffer'))
  return first
}

async function keepToken(cli: Cli, platform: Platform, opened: OpenSession, days: number): Promise<void> {
  const { origin } = platform.url
  const { session } = opened
  const permissions = permissionsOf(session)
  if (permissions.length === 0) {
    await opened.end()
    throw refused(text('login.noPermissions', { email: session.user.email }))
  }
  const name = text('login.tokenName', { host: hostname() })
  const expiresAt = cli.now() + days * DAY
  const { token, secret } = await opened.client.createToken({ body: { name, permissions, expiresAt } })
  await changeConfig(platform.configPath, (config) => ({
    ...withPlatform(config, origin, {
      ...config.platforms[origin],
      token: secret,
      tokenId: token.id,
      email: session.user.email,
      expiresAt: token.expiresAt,
    }),
    current: origin,
  }))
  await opened.end()
  if (cli.out.json) return cli.out.value(token)
  cli.out.line(text('login.done', { url: origin, name: session.user.name, tenant: session.tenant.name }))
  cli.out.note(text('login.kept', { path: platform.configPath, until: cli.out.time(token.expiresAt) }))
}

/** Forgets the token here, and asks the platform to revoke it; what it said is told when it would not. */
async function logout(cli: Cli): Promise<void> {
  const platform = await cli.platform()
  const { origin } = platform.url
  const known = (await readConfig(platform.configPath)).platforms[origin]
  if (known?.token === undefined) {
    cli.out.note(text('login.notSignedIn', { url: origin }))
    return
  }
  const client = clientOf(platform, known.token)
  const failure =
    known.tokenId === undefined
      ? undefined
      : await client.revokeToken({ params: { id: known.tokenId } }).then(
          () => undefined,
          (error: Error) => error.message,
        )
  const { token: _, tokenId: id, expiresAt, ...rest } = known
  await changeConfig(platform.configPath, (config) => withPlatform(config, origin, rest))
  cli.out.line(text('login.loggedOut', { url: origin }))
  if (failure !== undefined) {
    cli.out.note(text('login.notRevoked', { until: cli.out.time(expiresAt), id: id ?? '', failure }))
  }
}

async function whoami(cli: Cli): Promise<void> {
  const { client, source, url } = await cli.connect()
  const { out } = cli
  if (source === 'local') {
    // The local operator is nobody in particular, so that the API has no session to tell of.
    const [tenant] = (await client.listTenants()).items
    if (out.json) return out.value({ user: null, tenant: tenant ?? null, source })
    out.record([
      [text('fields.platform'), url.origin],
      [text('fields.user'), text('login.localOperator')],
      [text('fields.tenant'), tenant?.name],
    ])
    return
  }
  const session = await client.getSession()
  if (out.json) return out.value(session)
  out.record([
    [text('fields.platform'), url.origin],
    [text('fields.user'), `${session.user.name} <${session.user.email}>`],
    [text('fields.tenant'), session.tenant.name],
    [text('fields.permissions'), permissionsOf(session).join(' ')],
    [text('fields.expires'), out.time(session.expiresAt)],
  ])
}
