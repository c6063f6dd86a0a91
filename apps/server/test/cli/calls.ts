import assert from 'node:assert/strict'
import { once } from 'node:events'
import { it } from 'node:test'
import type { CliWorld, List, Named } from './world.ts'

/** How the command ends, and what it never writes to a terminal. */
export function callEnds(world: CliWorld): void {
  it('ends with 1 for a refusal, 2 for a wrong call, 3 for a platform that is not there', async () => {
    const { operator } = world
    const cases: [number, RegExp, ...string[]][] = [
      [2, /unknown command 'devcies'/, 'devcies'],
      [2, /no command “devices lst”/, 'devices', 'lst'],
      [2, /unknown option/, 'devices', 'list', '--nothing'],
      [2, /must be one of: never, online, offline/, 'devices', 'list', '--connection', 'maybe'],
      [2, /“soon” is no time/, 'query', 'readings', 'P-101/temperature', '--from', 'soon'],
      [2, /There are several signals that “temperature” may mean/, 'query', 'latest', 'temperature'],
      [1, /There is no device “PLC 7”/, 'devices', 'show', 'PLC 7'],
      [1, /There is no node “P-1”.+\n {2}North\/Line 1\/P-101/s, 'assets', 'show', 'P-1'],
      [2, /There is no file .*missing\.yaml/, 'rules', 'create', '--file', 'missing.yaml'],
      [3, /cannot be reached/, '--url', 'http://localhost:1', '--token', 'x', 'devices'],
      [2, /in the clear/, '--url', 'http://plant.example:8080', 'devices'],
      [1, /\(MW-SESSION-\d{4}\)/, '--token', 'mwt_wrong', 'devices'],
      [1, /refuses the live connection/, '--token', 'mwt_wrong', 'tail', '--alarms'],
    ]
    const results = await Promise.all(cases.map(([, , ...args]) => operator.run(args)))
    for (const [i, [code, pattern, ...args]] of cases.entries()) {
      assert.equal(results[i]!.code, code, `${args.join(' ')}: ${results[i]!.err}`)
      assert.match(results[i]!.err, pattern)
      assert.match(results[i]!.err, /^millwright: /)
      assert.equal(results[i]!.out, '')
    }
  })

  it('sends nothing of a name to the terminal that it would obey', async () => {
    const { operator, platform } = world
    const evil = 'P\u009b31mA\u202eB 泵\u{1f6a8}'
    await platform.client.createDevice({ body: { name: evil } })
    for (const args of [
      ['devices'],
      ['devices', 'show', evil],
      ['devices', '--json'],
      ['events', '--json'],
      ['audit'],
    ]) {
      const { code, out, err } = await operator.run(args)
      assert.equal(code, 0, err)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      assert.doesNotMatch(out + err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/, args.join(' '))
    }
    const { items } = await operator.json<List<Named>>('devices', '--search', 'P\u009b')
    assert.deepEqual(
      items.map(({ name }) => name),
      [evil],
    )
  })

  it('stays quiet when head has read enough of 2,000 rows', async () => {
    const { operator, platform } = world
    await platform.client.importAssets({
      body: {
        classes: [],
        assets: Array.from({ length: 2000 }, (_, i) => ({ path: ['North', `M-${i}`], level: 'equipment' as const })),
      },
    })
    const all = await operator.run(['assets', 'list', '--all'])
    assert.equal(all.out.trimEnd().split('\n').length, 2006)
    const page = await operator.run(['assets', 'list'])
    assert.match(page.err, /^100 rows shown; there are more/)
    const child = operator.start(['assets', 'list', '--all'])
    let err = ''
    child.stderr!.on('data', (text: Buffer) => {
      err += text
    })
    child.stdout!.once('data', () => child.stdout!.destroy())
    assert.deepEqual(await once(child, 'close'), [0, null])
    assert.equal(err, '')
  })
}
