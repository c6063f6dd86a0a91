import { readFileSync } from 'node:fs'
import type { Migration } from '@millwright/storage'

const read = (name: string): Migration => ({
  id: `connectivity/${name}`,
  sql: readFileSync(new URL(`../migrations/${name}.sql`, import.meta.url), 'utf8'),
})

/** The relational schema of this stage: devices, connections, dead letters, commands, twins, connections, edge agents. */
export const connectivityMigrations: Migration[] = [
  read('0001_devices'),
  read('0002_commands_twins'),
  read('0003_connections'),
]
