import type { Alarm, Asset, Signal } from '../../api/types.ts'
import { useNow } from '../../live/clock.ts'
import { byUrgency } from '../../live/standing.ts'
import { latest } from '../../live/use-latest.ts'
import { Say, t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'

const OLD = 5 * 60_000_000

interface AnswerProps {
  node: Asset
  alarms: readonly Alarm[]
  signals: readonly Signal[]
  tree: readonly Asset[]
}

/** How it stands with this node, in one sentence. */
export function MachineAnswer({ node, alarms, signals, tree }: AnswerProps) {
  const now = useNow()
  const format = useFormat()
  const machines = tree.filter(
    (one) => one.level === 'equipment' && one.id !== node.id && one.path.includes(node.id),
  ).length
  if (machines > 0) {
    const words = t('overview.machines', { n: machines })
    return alarms.length > 0
      ? t('machine.answerBelowAlarms', { n: alarms.length, machines: words })
      : t('machine.answerBelow', { n: machines })
  }
  const first = [...alarms].sort(byUrgency)[0]
  if (first !== undefined) {
    return (
      <Say
        id="machine.answerAlarm"
        values={{
          message: <b>{first.message || first.ruleName}</b>,
          state: t(`alarmState.${first.state}`).toLocaleLowerCase(format.locale),
          age: format.duration(Math.max(0, now - first.raisedAt)),
        }}
      />
    )
  }
  const times = signals.map((signal) => latest.get(signal.id)?.time ?? 0)
  const newest = Math.max(0, ...times)
  if (newest === 0) return t('machine.answerNoSignals')
  if (now - newest > OLD) return t('machine.answerStale', { age: format.duration(now - newest) })
  return t('machine.answerNormal', { n: signals.length, age: format.ago(newest, Math.max(now, newest)) })
}
