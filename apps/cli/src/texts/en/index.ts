import { live, login, session, tokens } from './access.ts'
import { adapters, agents, connections } from './connections.ts'
import { files, query, readingImport, tail } from './data.ts'
import { fields } from './fields.ts'
import { completion, errors, global, help, input, kinds, list, options, resolve, values } from './frame.ts'
import { alarms, rules, states } from './monitoring.ts'
import { assets, classes, commands, devices, enroll, signals, twin } from './plant.ts'
import { platform } from './platform.ts'
import { services } from './services.ts'
import { audit, grants, roles, shares, tenants, users } from './trust.ts'

/** The English catalogue: every text that a person reads. */
export const en = {
  adapters,
  agents,
  alarms,
  assets,
  audit,
  classes,
  commands,
  completion,
  connections,
  devices,
  enroll,
  errors,
  fields,
  files,
  global,
  grants,
  help,
  import: readingImport,
  input,
  kinds,
  list,
  live,
  login,
  options,
  platform,
  query,
  resolve,
  roles,
  rules,
  services,
  session,
  shares,
  signals,
  states,
  tail,
  tenants,
  tokens,
  twin,
  users,
  values,
} as const
