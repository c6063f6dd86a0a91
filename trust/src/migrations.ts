import { readFileSync } from 'node:fs'
import type { Migration } from '@millwright/storage'

const step = (name: string): Migration => ({
  id: `trust/${name}`,
  sql: readFileSync(new URL(`../migrations/${name}.sql`, import.meta.url), 'utf8'),
})

/** The tables of trust, oldest step first. A step that has been released is never changed. */
export const trustMigrations: Migration[] = [
  step('0001_audit'),
  step('0002_people'),
  step('0003_devices'),
  step('0004_certificate_issuers'),
]
