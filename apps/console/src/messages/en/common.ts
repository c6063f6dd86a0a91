export const common = {
  windowTitle: '{title} · Millwright',
  loading: 'Loading',
  retry: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  edit: 'Edit',
  delete: 'Delete',
  add: 'Add',
  undo: 'Undo',
  copy: 'Copy',
  copied: 'Copied',
  downloadCsv: 'Download as CSV',
  columns: 'Choose columns',
  selectRow: 'Select row',
  selectAll: 'Select all rows',
  search: 'Search',
  clear: 'Clear',
  more: 'More',
  moreActions: 'More actions',
  none: '–',
  never: 'never',
  yes: 'Yes',
  no: 'No',
  name: 'Name',
  description: 'Description',
  state: 'State',
  since: 'Since',
  created: 'Made',
  actions: 'Actions',
  simulated: 'Simulated',
  simulatedHelp: 'These readings come from a simulation, not from a machine',
  shared: 'Shared with you',
  unexpected:
    'Something in the console failed that should not have. Reload the page; if it stays, report it with the text below.',
  requestId: 'request {id}',
  auditLine: 'Audit #{sequence} · {action} · {actor}',
  rows: { one: '{n} row', other: '{n} rows' },
  shownOnce: 'This is shown once. Copy it now: it cannot be read again.',
  reason: 'Reason',
  from: 'From',
  to: 'To',
  apply: 'Apply',
} as const

export const priority = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
} as const

export const alarmState = {
  normal: 'Normal',
  unacknowledged: 'Unacknowledged',
  acknowledged: 'Acknowledged',
  'returned-unacknowledged': 'Returned, unacknowledged',
  latched: 'Latched',
} as const

export const connection = {
  online: 'Online',
  offline: 'Offline',
  never: 'Never connected',
  disabled: 'Disabled',
} as const

export const level = {
  enterprise: 'Enterprise',
  site: 'Site',
  area: 'Area',
  line: 'Line',
  cell: 'Cell',
  equipment: 'Equipment',
} as const

export const kind = {
  number: 'Number',
  boolean: 'Yes/no',
  state: 'State',
  document: 'Document',
  position: 'Position',
  waveform: 'Waveform',
} as const

export const quality = {
  good: 'Good',
  goodClamped: 'Good, clamped',
  uncertain: 'Uncertain',
  initialValue: 'Uncertain: initial value',
  substitute: 'Uncertain: substitute value',
  notAccurate: 'Uncertain: sensor not accurate',
  unitsExceeded: 'Uncertain: outside its limits',
  subNormal: 'Uncertain: sub-normal',
  lastUsable: 'Uncertain: last usable value',
  noCommunicationLast: 'Uncertain: no communication, last value',
  bad: 'Bad',
  outOfRange: 'Bad: out of range',
  noCommunication: 'Bad: no communication',
  deviceFailure: 'Bad: device failure',
  sensorFailure: 'Bad: sensor failure',
  outOfService: 'Bad: out of service',
  notConnected: 'Bad: not connected',
  noData: 'Bad: no data',
  waiting: 'Bad: waiting for the first value',
} as const
