import { readFileSync } from 'node:fs'
import type { Migration } from '@millwright/storage'

const read = (name: string): Migration => ({
  id: `data/${name}`,
  sql: readFileSync(new URL(`../migrations/${name}.sql`, import.meta.url), 'utf8'),
})

/** The relational schema of this stage: assets, classes, signals, events. */
export const dataMigrations: Migration[] = [
  read('0001_assets'),
  read('0002_events'),
  read('0003_signals_of_their_tenant'),
]
