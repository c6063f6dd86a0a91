import type { components } from '@millwright/sdk'
import { clean } from '../output/clean.ts'
import type { Output, Style } from '../output/output.ts'
import { text } from '../texts/text.ts'

type Schemas = components['schemas']
type Priority = Schemas['Alarm']['priority']

/** As the console colours them: the word always stands beside it. */
const STYLES: Readonly<Record<Priority, Style>> = {
  critical: ['red', 'bold'],
  high: 'red',
  medium: 'yellow',
  low: 'blue',
}

export const dressPriority = (out: Output, priority: Priority, shown: string): string =>
  out.style(STYLES[priority], shown)

/** One line of the journal. */
export function alarmLine(out: Output, transition: Schemas['AlarmTransition']): string {
  const { time, priority, equipmentName, ruleName, message, by, comment } = transition
  const said = comment === undefined || comment === '' ? '' : `: “${clean(comment)}”`
  const parts = [
    out.style('dim', out.exactTime(time)),
    dressPriority(out, priority, priority.padEnd(8)),
    transition.transition.padEnd(12),
    clean(`${equipmentName}: ${ruleName}`),
    clean(message),
    out.style('dim', `${text('alarms.by', { by: clean(by) })}${said}`),
  ]
  return parts.filter((part) => part !== '').join('  ')
}
