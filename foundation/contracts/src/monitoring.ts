import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Key, Name, Nullable, Page, PageQuery, Strict, Text, Time } from './common.ts'
import { ALARM_STATES, PRIORITIES } from './lists.ts'
import { operation } from './operation.ts'

export type Priority = (typeof PRIORITIES)[number]

export type AlarmState = (typeof ALARM_STATES)[number]

const RuleBody = {
  name: Name,
  description: Type.Optional(Text),
  /** What it watches: every equipment of a class, or one node's equipment. Exactly one of the two. */
  equipmentClass: Type.Optional(Nullable(Id('cls'))),
  equipment: Type.Optional(Nullable(Id('ast'))),
  /** CEL over signal names: `avg(temperature, "1m") > 80.0 && rpm > 1000.0`; true means abnormal. */
  condition: Type.String({ minLength: 1, maxLength: 2000 }),
  /** CEL; the alarm clears only when this is true (hysteresis). Absent: when the condition is false. */
  clearCondition: Type.Optional(Nullable(Type.String({ maxLength: 2000 }))),
  /** µs the condition must hold before the alarm is raised. */
  onDelay: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400_000_000 })),
  /** µs it must be clear before the alarm returns to normal. */
  offDelay: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400_000_000 })),
  priority: Choice(PRIORITIES),
  latching: Type.Optional(Type.Boolean()),
  /** Sentence for people, with `{signal}` places: `Bearing at {temperature} °C`. */
  message: Type.Optional(Text),
  /** What a person should do about it (ISA-18.2: every alarm needs a response). */
  response: Type.Optional(Text),
  enabled: Type.Optional(Type.Boolean()),
}

export const Rule = Strict(
  {
    id: Id('rul'),
    tenant: Id('ten'),
    name: Name,
    description: Text,
    equipmentClass: Nullable(Id('cls')),
    equipment: Nullable(Id('ast')),
    condition: Type.String(),
    clearCondition: Nullable(Type.String()),
    onDelay: Type.Integer(),
    offDelay: Type.Integer(),
    priority: Choice(PRIORITIES),
    latching: Type.Boolean(),
    message: Text,
    response: Text,
    enabled: Type.Boolean(),
    /** What keeps it from being evaluated, in words; null when it runs. */
    fault: Nullable(Type.String()),
    /** When it failed while it ran; it stays off until it is changed. */
    faultSince: Type.Optional(Time),
    /** Equipment it watches now. */
    watches: Type.Integer(),
    createdAt: Time,
    version: Type.Integer(),
  },
  { $id: 'Rule' },
)
export type Rule = Static<typeof Rule>

export const Alarm = Strict(
  {
    id: Id('alm'),
    tenant: Id('ten'),
    rule: Nullable(Id('rul')),
    ruleName: Type.String(),
    equipment: Id('ast'),
    equipmentName: Type.String(),
    /** Names from the root to the equipment. */
    equipmentPath: Type.Array(Type.String()),
    priority: Choice(PRIORITIES),
    state: Choice(ALARM_STATES),
    message: Type.String(),
    response: Type.String(),
    /** Values of the rule's signals when it was raised. */
    values: Type.Record(Type.String(), Type.Unknown()),
    /** Signals the rule reads here: what to draw. */
    signals: Type.Array(Id('sig')),
    raisedAt: Time,
    returnedAt: Type.Optional(Time),
    acknowledgedAt: Type.Optional(Time),
    acknowledgedBy: Type.Optional(Type.String()),
    closedAt: Type.Optional(Time),
    /** Out of the way until then, by a person (ISA-18.2 shelving). */
    shelvedUntil: Type.Optional(Time),
    shelvedBy: Type.Optional(Type.String()),
    simulated: Type.Boolean(),
    version: Type.Integer(),
  },
  { $id: 'Alarm' },
)
export type Alarm = Static<typeof Alarm>

export const AlarmTransition = Strict(
  {
    id: Id('evt'),
    alarm: Id('alm'),
    time: Time,
    transition: Choice([
      'raised',
      'returned',
      'acknowledged',
      'latched',
      'reset',
      'closed',
      'commented',
      're-raised',
      'shelved',
      'unshelved',
    ]),
    from: Choice(ALARM_STATES),
    to: Choice(ALARM_STATES),
    by: Type.String({ description: 'Person, token or rule' }),
    comment: Type.Optional(Text),
    equipment: Id('ast'),
    equipmentName: Type.String(),
    ruleName: Type.String(),
    priority: Choice(PRIORITIES),
    message: Type.String(),
  },
  { $id: 'AlarmTransition' },
)
export type AlarmTransition = Static<typeof AlarmTransition>

const Comment = Strict({ comment: Type.Optional(Text) })

export const ExpressionCheck = Strict({
  ok: Type.Boolean(),
  error: Type.Optional(Type.String()),
  /** Character offset of the error. */
  position: Type.Optional(Type.Integer()),
  signals: Type.Array(Key),
  /** Names the expression reads that the class or equipment does not have. */
  unknown: Type.Array(Key),
})

export const DryRun = Strict({
  equipment: Id('ast'),
  equipmentName: Type.String(),
  /** Spans in which the alarm would have stood; `to` null: still standing at the end. */
  spans: Type.Array(Strict({ from: Time, to: Nullable(Time), values: Type.Record(Type.String(), Type.Unknown()) })),
  signals: Type.Array(Id('sig')),
  evaluations: Type.Integer(),
})

export const monitoringOperations = {
  listRules: operation({
    id: 'listRules',
    method: 'GET',
    path: '/rules',
    tag: 'Rules',
    summary: 'List rules',
    access: 'actor',
    query: Strict({ ...PageQuery, q: Type.Optional(Text) }),
    reply: Page(Rule),
  }),
  createRule: operation({
    id: 'createRule',
    method: 'POST',
    path: '/rules',
    tag: 'Rules',
    summary: 'Make a rule',
    access: 'actor',
    status: 201,
    body: Strict(RuleBody),
    reply: Rule,
  }),
  getRule: operation({
    id: 'getRule',
    method: 'GET',
    path: '/rules/{id}',
    tag: 'Rules',
    summary: 'One rule',
    access: 'actor',
    params: IdParams('rul'),
    reply: Rule,
  }),
  updateRule: operation({
    id: 'updateRule',
    method: 'PATCH',
    path: '/rules/{id}',
    tag: 'Rules',
    summary: 'Change a rule (If-Match)',
    access: 'actor',
    params: IdParams('rul'),
    body: Strict({
      ...RuleBody,
      name: Type.Optional(Name),
      condition: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
      priority: Type.Optional(Choice(PRIORITIES)),
    }),
    reply: Rule,
  }),
  deleteRule: operation({
    id: 'deleteRule',
    method: 'DELETE',
    path: '/rules/{id}',
    tag: 'Rules',
    summary: 'Delete a rule; its standing alarms close',
    access: 'actor',
    params: IdParams('rul'),
  }),
  checkExpression: operation({
    id: 'checkExpression',
    method: 'POST',
    path: '/rules/check',
    tag: 'Rules',
    summary: 'Check an expression before saving',
    access: 'actor',
    body: Strict({
      condition: Type.String({ maxLength: 2000 }),
      equipmentClass: Type.Optional(Nullable(Id('cls'))),
      equipment: Type.Optional(Nullable(Id('ast'))),
    }),
    reply: ExpressionCheck,
  }),
  dryRun: operation({
    id: 'dryRun',
    method: 'POST',
    path: '/rules/dry-run',
    tag: 'Rules',
    summary: 'When the rule would have fired over history',
    access: 'actor',
    body: Strict({ rule: Strict(RuleBody), from: Time, to: Time }),
    reply: Strict({ runs: Type.Array(DryRun), truncated: Type.Boolean() }),
  }),
  listAlarms: operation({
    id: 'listAlarms',
    method: 'GET',
    path: '/alarms',
    tag: 'Alarms',
    summary: 'Alarms by priority and time; by default those that stand',
    access: 'actor',
    query: Strict({
      ...PageQuery,
      state: Type.Optional(Choice(['standing', 'closed', 'all', ...ALARM_STATES] as const)),
      priority: Type.Optional(Choice(PRIORITIES)),
      under: Type.Optional(Id('ast')),
      rule: Type.Optional(Id('rul')),
      shelved: Type.Optional(Type.Boolean({ description: 'Only those that are shelved, or only those that are not' })),
      from: Type.Optional(Time),
      to: Type.Optional(Time),
    }),
    reply: Page(Alarm),
  }),
  getAlarm: operation({
    id: 'getAlarm',
    method: 'GET',
    path: '/alarms/{id}',
    tag: 'Alarms',
    summary: 'One alarm',
    access: 'actor',
    params: IdParams('alm'),
    reply: Alarm,
  }),
  acknowledgeAlarm: operation({
    id: 'acknowledgeAlarm',
    method: 'POST',
    path: '/alarms/{id}/acknowledge',
    tag: 'Alarms',
    summary: 'Acknowledge',
    access: 'actor',
    params: IdParams('alm'),
    body: Comment,
    reply: Alarm,
  }),
  resetAlarm: operation({
    id: 'resetAlarm',
    method: 'POST',
    path: '/alarms/{id}/reset',
    tag: 'Alarms',
    summary: 'Reset a latched alarm',
    access: 'actor',
    params: IdParams('alm'),
    body: Comment,
    reply: Alarm,
  }),
  shelveAlarm: operation({
    id: 'shelveAlarm',
    method: 'POST',
    path: '/alarms/{id}/shelve',
    tag: 'Alarms',
    summary: 'Put a standing alarm out of the way for a time, with what its rule raises on the machine meanwhile',
    access: 'actor',
    params: IdParams('alm'),
    body: Strict({
      duration: Type.Optional(
        Type.Integer({ minimum: 60_000_000, maximum: 86_400_000_000, description: 'µs; default and most: 24 h' }),
      ),
      comment: Type.Optional(Text),
    }),
    reply: Alarm,
  }),
  unshelveAlarm: operation({
    id: 'unshelveAlarm',
    method: 'POST',
    path: '/alarms/{id}/unshelve',
    tag: 'Alarms',
    summary: 'Bring a shelved alarm back',
    access: 'actor',
    params: IdParams('alm'),
    body: Comment,
    reply: Alarm,
  }),
  commentAlarm: operation({
    id: 'commentAlarm',
    method: 'POST',
    path: '/alarms/{id}/comment',
    tag: 'Alarms',
    summary: 'Write a comment into the journal',
    access: 'actor',
    params: IdParams('alm'),
    body: Strict({ comment: Type.String({ minLength: 1, maxLength: 4000 }) }),
    reply: AlarmTransition,
  }),
  listJournal: operation({
    id: 'listJournal',
    method: 'GET',
    path: '/alarm-journal',
    tag: 'Alarms',
    summary: 'Every transition, newest first; of one alarm in the order in which they came about',
    access: 'actor',
    query: Strict({
      ...PageQuery,
      alarm: Type.Optional(Id('alm')),
      under: Type.Optional(Id('ast')),
      from: Type.Optional(Time),
      to: Type.Optional(Time),
    }),
    reply: Page(AlarmTransition),
  }),
}
