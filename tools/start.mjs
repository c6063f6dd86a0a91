/** `npm start`: sets up what starting needs, then runs the platform. */
import { ensureConsole, ensureDependencies, hand } from './setup.mjs'

const args = process.argv.slice(2)
await ensureDependencies('start')
if (!args.includes('--help') && !args.includes('--print-config')) await ensureConsole()
await hand('apps/server/src/main.ts', args)
