/** What stands around every command: help, errors, questions, lists. */
export const help = {
  millwright:
    'Millwright from the command line: machines, their data, alarms and devices; on the platform’s own machine without signing in.',
  version: 'show the version',
  help: 'show help',
  examples: 'Examples:',
  after:
    'Machines and signals are named by path (Plant North/P-101/temperature), by the end of a path where that is enough (P-101),\nor by id. Times: RFC 3339, 2026-11-20, -1h, now. Exit codes: 0 done, 1 refused, 2 wrong usage, 3 not reachable.',
  signIn: 'Signing in:',
  plant: 'Machines and devices:',
  data: 'Data:',
  shopFloor: 'Shop floor:',
  intelligence: 'AI services:',
  monitoring: 'Monitoring:',
  trust: 'People and trust:',
  platform: 'Platform:',
  hint: 'See `millwright --help`, or --help after a command.',
  unknownCommand: 'There is no command “{group} {word}”; there are: {names}.',
} as const

export const global = {
  url: 'the platform (MILLWRIGHT_URL; default: the one signed in to last, or http://localhost:8080)',
  token: 'API token (better: MILLWRIGHT_TOKEN, which other users of this machine cannot see)',
  data: 'data directory of a platform on this machine: its token is used (MILLWRIGHT_DATA; default ./millwright-data)',
  ca: 'PEM file of the authority to trust for https (MILLWRIGHT_CA)',
  json: 'print JSON as the API answers it; streams print one value a line',
  utc: 'show times in UTC instead of this machine’s time zone',
  quiet: 'no notes and no progress on standard error',
  noColor: 'no colours (also: NO_COLOR)',
} as const

export const options = {
  limit: 'how many rows (default {standard})',
  all: 'all rows',
  cursor: 'go on where a list with --json ended (its “next”)',
  search: 'only those whose name contains this',
  under: 'only at and below this node of the asset tree',
  from: 'start: RFC 3339, 2026-11-20, -1h, today',
  to: 'end, default now',
  yes: 'do not ask',
  name: 'a new name',
  description: 'a description',
  meta: 'a field of your own (may be given several times)',
  metaSet: 'set a field of your own (may be given several times)',
} as const

export const errors = {
  told: 'millwright: {sentence}',
  at: '(at {path})',
  fault: 'A fault of this program: {message}. Please report it, with what MILLWRIGHT_DEBUG=1 in the environment shows.',
  noFile: 'There is no file {path}.',
  noAccess: 'This user may not read or write {path}.',
  isFolder: '{path} is a folder; name a file.',
  noSpace: 'The disk of {path} is full.',
  exists: '{path} exists already.',
} as const

export const input = {
  duration: '“{given}” is no duration; write 90s, 5m, 1h30m, 250ms or 2d.',
  moment:
    '“{given}” is no time; write 2026-11-20T06:00:00Z, 2026-11-20 06:00, 2026-11-20, -1h, now, today, or microseconds since 1970.',
  span: 'The range ends at or before its start; give a later --to or an earlier --from.',
  path: '“{given}” is no path: a name in it is empty. Write Site/Line/Machine; a slash within a name is written \\/.',
  whole: 'It must be a whole number from {low} to {high}.',
  number: 'It must be a number.',
  choice: 'It must be one of: {values}.',
  pair: '“{given}” is not key=value.',
  badDocument: '{file} cannot be read as YAML or JSON: {reason}',
  stdin: 'standard input',
  stdinTooLarge: 'Standard input holds more than 64 MB; give a file.',
  emptyStdin: 'Standard input ended before there was a line.',
  noTerminal: 'This has to ask something and there is no terminal; give the answer as an option (see --help).',
  needsYes: 'This cannot be undone and nobody is there to ask; add --yes.',
  yesNo: '[y/N]',
  leftOpen: 'Nothing was changed.',
  nothingToChange: 'Say what to change (see --help).',
} as const

export const list = {
  more: {
    one: '{n} row shown; there are more: --all, or --limit.',
    other: '{n} rows shown; there are more: --all, or --limit.',
  },
} as const

export const resolve = {
  ambiguous: 'There are several {kind}s that “{given}” may mean; say which:',
  unknown: 'There is no {kind} “{given}”, or you may not see it.',
  near: 'Near it:',
  more: '… and {n} more',
  noSignals: '“{given}” has no signals yet.',
} as const

export const kinds = {
  adapter: 'adapter',
  agent: 'edge agent',
  alarm: 'alarm',
  asset: 'node',
  class: 'equipment class',
  connection: 'connection',
  device: 'device',
  grant: 'grant',
  role: 'role',
  rule: 'rule',
  episode: 'episode',
  service: 'AI service',
  share: 'share',
  signal: 'signal',
  tenant: 'tenant',
  token: 'API token',
  user: 'user',
} as const

export const values = {
  none: '–',
  yes: 'yes',
  no: 'no',
  good: 'Good',
  uncertain: 'Uncertain',
  bad: 'Bad',
  stale: 'stale',
  waveform: 'waveform',
  ago: '{age} ago',
} as const

export const completion = {
  completion: 'Print a completion script for a shell',
  shell: 'bash, zsh or fish',
} as const
