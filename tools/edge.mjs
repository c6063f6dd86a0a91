/** `npm run edge -- [ARG …]`: sets up what is missing, then runs the edge agent. */
import { ensureAgent, ensureDependencies, handToAgent } from './setup.mjs'

await ensureDependencies('start')
await ensureAgent()
handToAgent(process.argv.slice(2))
