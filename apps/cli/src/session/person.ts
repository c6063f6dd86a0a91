import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { usage } from '../errors.ts'
import { text } from '../texts/text.ts'
import { readConfig } from './config-file.ts'
import type { Platform } from './connect.ts'
import { type OpenSession, openSession } from './sign-in.ts'

export interface PersonOptions {
  readonly email?: string
  readonly passwordStdin?: boolean
}

export const personOptions = (made: Command): Command =>
  made.option('--email <address>', text('login.email')).option('--password-stdin', text('login.passwordStdin'))

/** Opens a session by e-mail and password, asking for what was not given. Errors: wrong usage, refused. */
export async function signInPerson(cli: Cli, platform: Platform, options: PersonOptions): Promise<OpenSession> {
  const kept = (await readConfig(platform.configPath)).platforms[platform.url.origin]?.email
  const email = options.email ?? (cli.ask.interactive ? await askEmail(cli, kept) : kept)
  if (email === undefined) throw usage(text('login.noEmail'))
  const password =
    options.passwordStdin === true ? await cli.ask.piped() : await cli.ask.secret(text('login.password', { email }))
  return openSession(platform, (client) => client.signIn({ body: { email, password } }))
}

async function askEmail(cli: Cli, kept: string | undefined): Promise<string | undefined> {
  const question = kept === undefined ? text('login.askEmail') : text('login.askEmailAgain', { email: kept })
  const answer = await cli.ask.line(question)
  return answer === '' ? kept : answer
}

/** Work that only a person may do, in a session that ends with it. */
export async function asPerson<T>(
  cli: Cli,
  options: PersonOptions,
  work: (opened: OpenSession) => Promise<T>,
): Promise<T> {
  const opened = await signInPerson(cli, await cli.platform(), options)
  try {
    return await work(opened)
  } finally {
    await opened.end()
  }
}
