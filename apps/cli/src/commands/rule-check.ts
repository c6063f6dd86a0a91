import { DAY } from '@millwright/foundation'
import type { Client } from '@millwright/sdk'
import type { Cli } from '../cli.ts'
import { EXIT, refused, usage } from '../errors.ts'
import { parseSpan } from '../input/times.ts'
import { axis, spanBar } from '../output/chart.ts'
import { clean } from '../output/clean.ts'
import { shownSpan } from '../output/times.ts'
import { shownValue } from '../output/values.ts'
import { cut, pad, widthOf } from '../output/width.ts'
import { findRule } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { type RuleChange, type RuleOptions, ruleBody } from './rule-file.ts'

/** A saved rule by name with the flags laid over it, or one made of a file and flags alone. */
async function ruleOf(client: Client, named: string | undefined, options: RuleOptions): Promise<RuleChange> {
  const body = await ruleBody(client, options)
  if (named === undefined) return body
  const {
    id: _i,
    tenant: _t,
    version: _v,
    createdAt: _c,
    fault: _f,
    watches: _w,
    ...saved
  } = await findRule(client, named)
  return { ...saved, ...body }
}

/** Exit code 1 when the expression is wrong: scripts check files before they send them. */
export async function checkRule(cli: Cli, named: string | undefined, options: RuleOptions): Promise<void> {
  const { client } = await cli.connect()
  const { condition, equipment, equipmentClass, clearCondition } = await ruleOf(client, named, options)
  if (condition === undefined) throw usage(text('rules.noCondition'))
  const place = {
    ...(equipment === undefined ? {} : { equipment }),
    ...(equipmentClass === undefined ? {} : { equipmentClass }),
  }
  const expressions = [condition, ...(clearCondition ? [clearCondition] : [])]
  const replies = await Promise.all(
    expressions.map((expression) => client.checkExpression({ body: { condition: expression, ...place } })),
  )
  const { out } = cli
  if (out.json) out.value(replies.length === 1 ? replies[0] : { items: replies })
  for (const [i, reply] of replies.entries()) {
    if (out.json) break
    out.line(expressions[i])
    if (reply.position !== undefined)
      out.dressed([`${' '.repeat(widthOf(clean(expressions[i]!.slice(0, reply.position))))}^`])
    if (reply.ok) out.line(text('rules.ok', { signals: reply.signals.join(', ') || text('values.none') }))
    else out.line(reply.error ?? text('rules.unknownSignals', { names: reply.unknown.join(', ') }))
    if (reply.ok && reply.unknown.length > 0)
      out.line(text('rules.unknownSignals', { names: reply.unknown.join(', ') }))
  }
  if (replies.some(({ ok, unknown }) => !ok || unknown.length > 0)) process.exitCode = EXIT.refused
}

/** When the rule would have fired, as a bar for each machine and a list of spans. */
export async function dryRunRule(
  cli: Cli,
  named: string | undefined,
  options: RuleOptions & { from?: string; to?: string },
): Promise<void> {
  const span = parseSpan(options, cli.now(), DAY)
  const { client } = await cli.connectPatiently()
  const { name, condition, priority, ...rest } = await ruleOf(client, named, options)
  if (condition === undefined) throw usage(text('rules.noCondition'))
  const rule = { ...rest, name: name ?? text('rules.unnamed'), condition, priority: priority ?? 'medium' }
  const reply = await client.dryRun({ body: { rule, ...span } })
  const { out } = cli
  if (out.json) return out.value(reply)
  if (reply.runs.length === 0) throw refused(text('rules.watchesNothing'))
  const width = Math.min(out.width, 200)
  const side = Math.min(24, Math.max(...reply.runs.map(({ equipmentName }) => widthOf(clean(equipmentName)))))
  const barWidth = Math.max(20, (Number.isFinite(width) ? width : 100) - side - 2)
  for (const run of reply.runs) {
    const bar = spanBar(run.spans, span, barWidth)
    const dressed = bar.replace(/█+/g, (full) => out.style('red', full))
    out.dressed([`${pad(cut(clean(run.equipmentName), side), side, 'left')}  ${dressed}`])
  }
  out.dressed([out.style('dim', axis(span.from, span.to, side, barWidth, out.zone))])
  const spans = reply.runs.flatMap((run) => run.spans.map((one) => ({ ...one, equipmentName: run.equipmentName })))
  out.line()
  out.line(text('rules.wouldFire', { n: spans.length }))
  if (spans.length > 0) {
    out.table(
      [
        { title: text('fields.equipment'), value: ({ equipmentName }) => equipmentName },
        { title: text('fields.from'), value: ({ from }) => out.time(from), whole: true },
        {
          title: text('fields.lasted'),
          value: ({ from, to }) => (to === null ? text('rules.stillStanding') : shownSpan(to - from)),
          align: 'right',
          whole: true,
        },
        {
          title: text('fields.values'),
          value: ({ values }) =>
            Object.entries(values)
              .map(([signal, value]) => `${signal}=${shownValue(value)}`)
              .join(' '),
        },
      ],
      spans,
    )
  }
  if (reply.truncated) out.note(text('rules.truncated'))
}
