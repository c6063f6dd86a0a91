import { readFileSync } from 'node:fs'
import type { Migration } from '@millwright/storage'

const step = (name: string): Migration => ({
  id: `intelligence/${name}`,
  sql: readFileSync(new URL(`../migrations/${name}.sql`, import.meta.url), 'utf8'),
})

/** The tables of AI services, oldest step first. A step that has been released is never changed. */
export const intelligenceMigrations: Migration[] = [step('0001_services'), step('0002_quality')]
