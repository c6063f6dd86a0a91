import type { BodyOf, Readiness, serviceOperations } from '@millwright/contracts'
import type { Actor } from '@millwright/trust'
import { checkedSettings } from '../kinds/settings.ts'
import type { Platform } from '../ports.ts'
import type { ServiceAccess } from '../services/access.ts'
import { knownKind } from '../services/service.ts'
import { gridStep, survey } from './survey.ts'
import type { Training } from './training.ts'

const LEVELS = ['ok', 'advice', 'missing'] as const

export interface ReadinessOptions extends Platform {
  readonly access: ServiceAccess
  readonly training: Training
}

/** Tells whether history is enough to learn from, before anything is made. */
export async function readinessOf(
  { access, training, historian, database }: ReadinessOptions,
  actor: Actor,
  body: BodyOf<typeof serviceOperations.checkReadiness>,
  abort: AbortSignal,
): Promise<Readiness> {
  access.equipment(actor, body.equipment, 'service:read')
  access.equipment(actor, body.equipment, 'signal:read')
  const kind = knownKind(body.kind)
  const settings = checkedSettings(kind, body.settings)
  const span = training.span(kind, settings, { ...given('from', body.from), ...given('to', body.to) })
  const facts = training.inputs({ equipment: body.equipment, settings: { ...settings } }, kind)
  access.inputs(actor, body.equipment, facts)
  const surveyed = await survey(historian, facts, span, abort)
  const inputs = surveyed.map(({ readiness }) => readiness)
  const [labels] = await database.tenant(actor.tenant, (sql) =>
    sql.query<{ n: number }>(
      `select count(*)::int as n from service_labels l join services s on s.id = l.service
        where s.equipment = $1 and s.kind = $2 and l."to" > $3 and l."from" < $4`,
      [body.equipment, kind.id, span.from, span.to],
    ),
  )
  const summary = { ...span, step: gridStep(kind.reads(settings), surveyed), inputs, labels: labels?.n ?? 0 }
  const findings = [...kind.readiness(summary, settings)].sort(
    (a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level),
  )
  return { level: findings[0]?.level ?? 'ok', findings, ...span, inputs }
}

const given = <Name extends string>(name: Name, value: number | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, number>>
