import { readFileSync } from 'node:fs'

declare const MILLWRIGHT_EDGE_VERSION: string | undefined

/** Of the agent's software: put in by the bundler, or read from the package beside the source. */
export const VERSION: string =
  typeof MILLWRIGHT_EDGE_VERSION === 'string'
    ? MILLWRIGHT_EDGE_VERSION
    : (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version
