/** `node tools/run.mjs [--dev] PROGRAM [ARG …]`: sets up what is missing, then runs one of the project's programs. */
import { ensureDependencies, hand } from './setup.mjs'

const args = process.argv.slice(2)
const dev = args[0] === '--dev'
if (dev) args.shift()
await ensureDependencies(dev ? 'all' : 'start')
hand(args[0], args.slice(1))
