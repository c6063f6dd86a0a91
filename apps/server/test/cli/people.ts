import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import { linesOf } from '../harness/cli.ts'
import { PASSWORD } from '../harness/person.ts'
import type { CliWorld, List, Named } from './world.ts'

/** Who may do what by the command, and whom it trusts itself. */
export function peopleCalls(world: CliWorld): void {
  it('invites people, gives them roles at a place, and shares a machine with another tenant', async () => {
    const { operator } = world
    const invited = await operator.run(['users', 'invite', 'ann@example.com', 'Ann Miller'])
    assert.match(invited.out, /^http\S+\/sign-in#mwl_\w+\n$/)
    const role = ['roles', 'create', 'Shift lead', '--permission', 'asset:read,signal:read,alarm:*']
    assert.deepEqual((await operator.json<{ permissions: string[] }>(...role)).permissions, [
      'asset:read',
      'signal:read',
      'alarm:read',
      'alarm:acknowledge',
    ])
    const given = await operator.run(['grants', 'give', 'ann@example.com', 'shift lead', '--at', 'P-101'])
    assert.equal(given.out, 'Ann Miller is Shift lead at P-101.\n')
    const listed = await operator.run(['grants', 'list', '--user', 'ann@example.com'])
    const short = /^(\w{6}) {2}ann@example\.com {2}Shift lead {2}North\/Line 1\/P-101 /m.exec(listed.out)?.[1]
    assert.equal((await operator.run(['grants', 'take', short ?? '', '--yes'])).code, 0, listed.out)
    const partner = ['tenants', 'create', 'Customer', '--admin-email', 'bob@customer.example', '--admin-name', 'Bob']
    assert.equal((await operator.run(partner)).code, 0)
    const share = [
      'shares',
      'create',
      'Customer',
      'P-101',
      '--signal',
      'temperature',
      '--until',
      '2099-01-01T00:00:00Z',
    ]
    assert.equal((await operator.json<{ until: number }>(...share)).until, Date.UTC(2099, 0, 1) * 1000)
    assert.match((await operator.run(['shares'])).out, /P-101 +My company +Customer +temperature/)
  })

  it('signs in by the one-time link, keeps a token for its owner only, and forgets it', async () => {
    const { base, platform, user } = world
    const person = await user('person')
    const nobody = await person.run(['devices'])
    assert.equal(nobody.code, 2)
    assert.match(nobody.err, /millwright login/)
    const login = await person.run(['login', platform.signInLink!, '--password-stdin'], `${PASSWORD}\n`)
    assert.equal(login.code, 0, login.err)
    const config = join(base, 'person', 'config', 'millwright', 'config.json')
    assert.equal((await stat(config)).mode & 0o777, 0o600)
    assert.equal((await readFile(config, 'utf8')).includes(PASSWORD), false)
    const session = await person.json<{ user: { email: string } }>('whoami')
    assert.equal(session.user.email, 'admin@millwright.local')
    assert.equal((await person.json<List<Named>>('devices')).items[0]!.name, 'PLC 1')
    const again = await person.run(['login', platform.signInLink!, '--password-stdin'], `${PASSWORD}\n`)
    assert.equal(again.code, 1)
    const made = await person.run(
      ['tokens', 'create', 'script', '--permission', 'asset:read', '--password-stdin'],
      `${PASSWORD}\n`,
    )
    assert.match(made.out, /^mwt_\w+\n$/)
    const script = await user('script', { environment: { MILLWRIGHT_TOKEN: made.out.trim() } })
    assert.equal((await script.run(['assets'])).code, 0)
    const forbidden = await script.run(['devices', 'create', 'PLC 9'])
    assert.equal(forbidden.code, 1)
    assert.match(forbidden.err, /^millwright: .+ \(MW-[A-Z]+-\d{4}\)\n$/)
    assert.equal((await person.run(['logout'])).code, 0)
    assert.equal((await person.run(['devices'])).code, 2)
  })

  it('never echoes a password', {
    skip: !existsSync('/usr/bin/script') && 'needs script(1) for a terminal',
  }, async () => {
    const { base, platform } = world
    const home = join(base, 'person')
    const main = join(import.meta.dirname, '../../../cli/src/main.ts')
    const { stdout } = spawnSync(
      'script',
      [
        '-qec',
        `'${process.execPath}' --disable-warning=ExperimentalWarning '${main}' login --email admin@millwright.local`,
        '/dev/null',
      ],
      {
        cwd: home,
        env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), MILLWRIGHT_URL: platform.url },
        input: `${PASSWORD}\r`,
        encoding: 'utf8',
        timeout: 20_000,
      },
    )
    // The terminal itself echoes what comes before the question is asked; nothing does after it.
    assert.match(stdout, /Signed in to /)
    assert.equal(stdout.slice(stdout.indexOf('Password of')).includes(PASSWORD), false, stdout)
  })

  it('trusts no authority that nobody confirmed, then exactly that one', async () => {
    const { base, operator, platform, user } = world
    const remote = await user('remote', { url: platform.url.replace('http:', 'https:') })
    const { authorityFingerprint, authority } = await platform.client.getInfo()
    const unknown = await remote.run(['--token', platform.token, 'devices'])
    assert.equal(unknown.code, 3)
    assert.match(unknown.err.replaceAll(':', ''), new RegExp(authorityFingerprint))
    await writeFile(join(base, 'remote', 'ca.pem'), authority)
    assert.equal((await remote.run(['--token', platform.token, '--ca', 'ca.pem', 'devices'])).code, 0)
    const login = ['login', '--email', 'admin@millwright.local', '--password-stdin']
    const other = await remote.run([...login, '--fingerprint', '0'.repeat(64)], `${PASSWORD}\n`)
    assert.equal(other.code, 1)
    const signedIn = await remote.run([...login, '--fingerprint', authorityFingerprint], `${PASSWORD}\n`)
    assert.equal(signedIn.code, 0, signedIn.err)
    assert.equal((await remote.run(['devices'])).code, 0)
    const watching = remote.start(['tail', '--events', '--json'])
    const first = linesOf(watching).next()
    const making = setInterval(() => void operator.run(['devices', 'set', 'PLC 1', '--meta', `at=${Date.now()}`]), 500)
    assert.equal((JSON.parse(String((await first).value)) as { type: string }).type, 'event')
    clearInterval(making)
    watching.kill('SIGINT')
    assert.deepEqual(await once(watching, 'close'), [0, null])
    const config = join(base, 'remote', 'config', 'millwright', 'config.json')
    const changed = (await readFile(config, 'utf8')).replace(/BEGIN CERTIFICATE.*?END CERTIFICATE/, otherAuthority())
    await writeFile(config, changed)
    const stranger = await remote.run(['devices'])
    assert.equal(stranger.code, 3)
    assert.match(stranger.err, /somebody may stand in between/)
  })
}

/** The body of some other certificate authority, as it stands in the configuration's JSON. */
function otherAuthority(): string {
  const { stdout } = spawnSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=Somebody',
      '-keyout',
      '/dev/null',
    ],
    { encoding: 'utf8' },
  )
  return stdout
    .trim()
    .replaceAll('\n', '\\n')
    .replace(/^-----|-----$/g, '')
}
