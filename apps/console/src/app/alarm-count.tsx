import { PRIORITIES } from '@millwright/contracts/lists'
import { useQuery } from '@tanstack/react-query'
import { standingQuery } from '../api/alarms.ts'
import { useCan } from '../api/session.ts'
import { PriorityShape } from '../components/priority.tsx'
import { countByPriority } from '../live/standing.ts'
import { t } from '../messages/index.tsx'

/** The worst standing priority and how many alarms stand; nothing when none does. */
export function AlarmCount({
  className,
  numberClass,
}: {
  className?: string | undefined
  numberClass?: string | undefined
}) {
  const can = useCan()
  const { data } = useQuery({ ...standingQuery, enabled: can('alarm:read') })
  if (data === undefined || data.length === 0) return null
  const load = countByPriority(data)
  const worst = PRIORITIES.find((priority) => load[priority] > 0) ?? 'low'
  const text = t('shell.standing', { n: data.length })
  return (
    <span className={className} title={text}>
      <PriorityShape priority={worst} size={16} />
      <span className={numberClass} aria-hidden>
        {data.length}
      </span>
      <span className="mw-hidden">{text}</span>
    </span>
  )
}
