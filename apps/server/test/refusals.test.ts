import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { StartRefused, startPlatform, temporaryDirectory } from './harness/platform.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** One line, exit code 1. */
async function refused(start: Promise<unknown>, pattern: RegExp): Promise<void> {
  const error = await start.then(
    () => assert.fail('it started'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof StartRefused, String(error))
  assert.equal(error.code, 1)
  const lines = error.output
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('millwright:'))
  assert.equal(lines.length, 1, error.output)
  assert.match(lines[0]!, pattern)
  assert.doesNotMatch(error.output, /^ {4}at /m, 'a stack trace is no sentence')
}

const run = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })

describe('a start that cannot be', () => {
  it('says which port is in use, before it touches anything', async (test) => {
    const directory = join(await temporaryDirectory(test as never), 'data')
    const squatter = createServer().listen(0)
    test.after(() => void squatter.close())
    const { port } = squatter.address() as { port: number }
    await refused(
      startPlatform({ directory, prepared: false, args: ['--http-port', String(port)] }),
      new RegExp(`port ${port} is already in use`),
    )
    await refused(
      startPlatform({ directory, prepared: false, args: ['--mqtt-port', String(port)] }),
      new RegExp(`port ${port} is already in use`),
    )
    await assert.rejects(readdir(directory), { code: 'ENOENT' })
  })

  it('says who holds the data directory, and the holder goes on', async (test) => {
    const directory = await temporaryDirectory(test as never)
    const holder = await startPlatform({ directory })
    test.after(() => holder.stop())
    await refused(startPlatform({ directory }), new RegExp(String(holder.process.pid)))
    assert.equal((await holder.client.getInfo()).name, 'Millwright')
  })

  it('refuses a directory of a newer version, a foreign one and a file, and leaves them as they were', async (test) => {
    const base = await temporaryDirectory(test as never)
    const newer = join(base, 'newer')
    const first = await startPlatform({ directory: newer })
    await first.stop()
    const format = join(newer, 'millwright.json')
    await writeFile(format, (await readFile(format, 'utf8')).replace(/"format":\d+/, '"format":999'))
    await refused(startPlatform({ directory: newer }), /newer/)
    const foreign = join(base, 'foreign')
    await mkdir(foreign)
    await writeFile(join(foreign, 'thesis.txt'), 'my work')
    await refused(startPlatform({ directory: foreign }), /thesis\.txt/)
    assert.deepEqual(
      (await readdir(foreign)).filter((name) => name !== 'lock' && name !== 'holder.json'),
      ['thesis.txt'],
    )
    await refused(startPlatform({ directory: join(foreign, 'thesis.txt') }), /not a directory/)
  })

  it('refuses a directory it may not read', async (test) => {
    const base = await temporaryDirectory(test as never)
    const directory = join(base, 'closed')
    await mkdir(directory, { mode: 0o000 })
    await chmod(base, 0o755)
    // Root may read everything: there, somebody else tries.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    const tried = spawnSync(
      process.execPath,
      [MAIN, '--empty', '--http-port', '0', '--mqtt-port', '0', '--data', directory],
      { encoding: 'utf8', ...nobody },
    )
    assert.equal(tried.status, 1)
    assert.match(tried.stderr, /millwright: The data directory .* cannot be read and written by this user/)
    await chmod(directory, 0o700)
  })

  it('names a flag that does not exist, and one with a wrong value', () => {
    const unknown = run('--htp-port', '8080')
    assert.equal(unknown.status, 1)
    assert.match(unknown.stderr, /--htp-port.*--http-port/)
    const wrong = run('--http-port', 'eighty')
    assert.equal(wrong.status, 1)
    assert.match(wrong.stderr, /httpPort|--http-port/)
    assert.doesNotMatch(`${unknown.stderr}${wrong.stderr}`, /^ {4}at /m)
  })

  it('prints its configuration with where each value comes from, and no secret', () => {
    const printed = spawnSync(process.execPath, [MAIN, '--print-config', '--http-port', '9000'], {
      encoding: 'utf8',
      env: { ...process.env, MILLWRIGHT_MQTT_PORT: '9001', MILLWRIGHT_KEY_PASSPHRASE: 'correct horse' },
    })
    assert.equal(printed.status, 0)
    assert.match(printed.stdout, /httpPort.*9000.*--http-port/)
    assert.match(printed.stdout, /mqttPort.*9001.*MILLWRIGHT_MQTT_PORT/)
    assert.doesNotMatch(printed.stdout, /correct horse/)
    assert.match(run('--help').stdout, /--public-url/)
  })
})
