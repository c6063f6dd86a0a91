import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// Half of a short command's time is compiling: kept from call to call, in a folder that is this person's own (what is
// read from there is run, so that the shared folder for temporary files, Node's standard, will not do).
const base = process.env['XDG_CACHE_HOME']
enableCompileCache(join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'millwright'))
await import('./run.ts')
