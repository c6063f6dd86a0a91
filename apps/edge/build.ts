/**
 * `npm run build -w apps/edge`: the agent as a few files in `dist/`, for machines with little memory. Our own code and the
 * libraries it always needs are put together, without what the agent never runs; protocols stay in files of their own, which
 * are read when a connection asks for them. Type stripping, which costs tens of MB of memory at run time, is done here once.
 */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { ENVIRONMENT, NODE_FLAGS } from './src/service/runtime.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const { version } = JSON.parse(await readFile(here('package.json'), 'utf8')) as { version: string }

/** Libraries that are taken as they are: they load files of their own at run time, or are large and rarely used. */
const LEFT_OUT = /^(serialport|@serialport\/|pino-pretty|proper-lockfile)/

const out = here('dist')
await rm(out, { recursive: true, force: true })
const bundle = await rolldown({
  input: { agent: here('src/main.ts') },
  platform: 'node',
  external: (id) => id.startsWith('node:') || builtinModules.includes(id) || LEFT_OUT.test(id),
  // Our modules do nothing when they are loaded but define what they export.
  treeshake: { moduleSideEffects: (id) => id.includes('node_modules') },
  transform: { define: { MILLWRIGHT_EDGE_VERSION: JSON.stringify(version) } },
})
const { output } = await bundle.write({
  dir: out,
  format: 'esm',
  entryFileNames: '[name].mjs',
  chunkFileNames: '[name]-[hash].mjs',
  // Names of classes and functions stay: OPC UA's types are found by theirs.
  minify: { mangle: { keepNames: true }, compress: { keepNames: { function: true, class: true } }, codegen: true },
  sourcemap: false,
})
await bundle.close()
// Node keeps the text of what it runs: a single character beyond Latin-1 doubles that of its whole file.
for (const part of output) {
  if (part.type !== 'chunk') continue
  const ascii = part.code.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  await writeFile(join(out, part.fileName), ascii)
}
await writeFile(here('dist/package.json'), `${JSON.stringify({ type: 'module' })}\n`)
const variables = Object.entries(ENVIRONMENT).map(([name, value]) => `${name}=${value}`)
const launcher = `#!/bin/sh
# The agent with what Node needs to know to be small. A node of one's own: MILLWRIGHT_NODE=/path/to/node
exec env ${variables.join(' ')} "\${MILLWRIGHT_NODE:-node}" ${NODE_FLAGS.join(' ')} "$(dirname "$(readlink -f "$0")")/agent.mjs" "$@"
`
await writeFile(here('dist/millwright-edge'), launcher)
await chmod(here('dist/millwright-edge'), 0o755)
const size = output.reduce((sum, part) => sum + (part.type === 'chunk' ? part.code.length : 0), 0)
process.stdout.write(`dist: ${output.length} files, ${Math.round(size / 1024)} KiB\n`)
