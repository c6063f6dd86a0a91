import { readFileSync } from 'node:fs'
import type { Migration } from '@millwright/storage'

const step = (name: string): Migration => ({
  id: `monitoring/${name}`,
  sql: readFileSync(new URL(`../migrations/${name}.sql`, import.meta.url), 'utf8'),
})

/** The tables of monitoring, oldest step first. A step that has been released is never changed. */
export const monitoringMigrations: Migration[] = [
  step('0001_rules_and_alarms'),
  step('0002_rule_faults'),
  step('0003_shelving'),
]
