/** Between µs and the text of a `datetime-local` field, in the viewer's time zone rather than the machine's. */
const PATTERN = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?/

export function toLocalInput(time: number, timeZone: string | undefined): string {
  return new Date(time / 1000 + offset(time / 1000, timeZone)).toISOString().slice(0, 19)
}

/** Undefined when the text is no such time. A clock time that a change of summer time leaves out moves on by an hour. */
export function fromLocalInput(text: string, timeZone: string | undefined): number | undefined {
  const match = PATTERN.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const wall = Date.UTC(year, month - 1, day, hour, minute, second || 0)
  // The offset at the wall time taken for UTC may be of the other side of a change: ask again at the first answer.
  const first = wall - offset(wall, timeZone)
  return (wall - offset(first, timeZone)) * 1000
}

/** ms that the zone's clocks are ahead of UTC at an instant. */
function offset(at: number, timeZone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...(timeZone === undefined ? {} : { timeZone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const value = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value)
  const wall = Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  )
  return wall - Math.floor(at / 1000) * 1000
}
