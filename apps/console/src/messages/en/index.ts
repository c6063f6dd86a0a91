import { agents } from './agents.ts'
import { alarms, transition } from './alarms.ts'
import { chart, resolution } from './chart.ts'
import { alarmState, common, connection, kind, level, priority, quality } from './common.ts'
import { connections } from './connections.ts'
import { data } from './data.ts'
import { energy } from './energy.ts'
import { fleet } from './fleet.ts'
import { form } from './form.ts'
import { life } from './life.ts'
import { command, machine, signal } from './machine.ts'
import { classes, machines } from './machines.ts'
import { models } from './models.ts'
import { event, overview } from './overview.ts'
import { parts } from './parts.ts'
import { ruleFunction, rules } from './rules.ts'
import { settings } from './settings.ts'
import { palette, session, shell } from './shell.ts'
import { permission, trust } from './trust.ts'
import { vibration } from './vibration.ts'

/** The English catalogue, which every other language is held to. */
export const en = {
  common,
  priority,
  alarmState,
  connection,
  level,
  kind,
  quality,
  shell,
  session,
  palette,
  overview,
  event,
  chart,
  machines,
  classes,
  machine,
  command,
  signal,
  alarms,
  transition,
  fleet,
  data,
  connections,
  agents,
  form,
  life,
  energy,
  parts,
  models,
  rules,
  ruleFunction,
  trust,
  permission,
  settings,
  resolution,
  vibration,
} as const
