import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { artifactsContract } from '../testing/index.ts'
import { openArtifacts } from './folder.ts'

const root = await mkdtemp(join(tmpdir(), 'millwright-artifacts-'))
after(() => rm(root, { recursive: true }))
const fresh = () => mkdtemp(join(root, 'a-'))

artifactsContract('artifact folder', async () => openArtifacts(await fresh()))

test('a file that was changed on disk is told when it is read, and what a crash left is cleared', async () => {
  const directory = await fresh()
  const artifacts = openArtifacts(directory)
  const { sha256 } = await artifacts.put(
    (async function* () {
      yield Buffer.from('model weights')
    })(),
  )
  await writeFile(join(directory, sha256.slice(0, 2), sha256), 'model weightz')
  await assert.rejects(
    async () => {
      for await (const _ of artifacts.get(sha256));
    },
    { code: 'MW-FILE-0003' },
  )
  await writeFile(join(directory, 'incoming', 'half'), 'hal')
  openArtifacts(directory)
  assert.deepEqual(await readdir(join(directory, 'incoming')), [])
})
