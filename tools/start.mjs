/** `npm start`: sets up what starting needs, then runs the platform. */
import { ensureAgent, ensureConsole, ensureDependencies, hand } from './setup.mjs'

const args = process.argv.slice(2)
await ensureDependencies('start')
if (!args.includes('--help') && !args.includes('--print-config')) {
  await ensureConsole()
  // The whole plant has an edge agent beside its controllers.
  if (args.includes('full') || args.includes('--plant=full') || process.env.MILLWRIGHT_PLANT === 'full')
    await ensureAgent()
}
hand('apps/server/src/main.ts', args)
