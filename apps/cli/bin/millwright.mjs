#!/usr/bin/env node
/** The installed command: runs on any Node >= 20, and hands over to the Node that the project brings. */
import { ensureDependencies, hand } from '../../../tools/setup.mjs'

await ensureDependencies('start')
await hand('apps/cli/src/main.ts', process.argv.slice(2))
