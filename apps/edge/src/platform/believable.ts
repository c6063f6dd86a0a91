import { BlockEncoder, type BlockSection, decodeBlock, type MetricRows } from '@millwright/connectivity'
import { DAY, formatTime, HOUR, type Micros } from '@millwright/foundation'
import { edgeErrors } from '../errors.ts'
import { copyRows } from '../queue/index.ts'
import { messagePayload, REFUSED_TOPIC } from '../readings/refusals.ts'

/** 2000-01-01, as the platform's decoders have it. */
const EARLIEST: Micros = 946_684_800_000_000
/** An hour less than what the platform takes: its clock is known to a second, and the message takes its time. */
const AHEAD: Micros = DAY - HOUR

/** @param now the platform's time */
export const isBelievable = (earliest: Micros, latest: Micros, now: Micros): boolean =>
  earliest >= EARLIEST && latest <= now + AHEAD

/** Takes a block apart: what the platform believes, and a dead letter for each section's rest. */
export function believableOnly(block: Buffer, now: Micros): { block: Buffer | undefined; letters: Buffer[] } {
  const encoder = new BlockEncoder()
  const letters: Buffer[] = []
  decodeBlock(block, Number.MAX_SAFE_INTEGER, (section, rows) => {
    const believed = (row: number) => isBelievable(rows.time[row]!, rows.time[row]!, now)
    const good = copyRows(rows, believed)
    if (good.length > 0) encoder.add(section, good)
    if (good.length < rows.length) letters.push(letter(section, rows, believed, now))
  })
  return { block: encoder.rows > 0 ? encoder.finish() : undefined, letters }
}

function letter(section: BlockSection, rows: MetricRows, believed: (row: number) => boolean, now: Micros): Buffer {
  const lines: string[] = []
  for (let row = 0; row < rows.length && lines.length < 50; row++) {
    if (!believed(row)) lines.push(`${rows.name[row]} ${formatTime(rows.time[row]!)} ${rows.value[row]}`)
  }
  const first = lines[0]!.split(' ')
  const error = edgeErrors.clockNotSet({ path: rows.name[0]!, time: first.at(-2) })
  return messagePayload(
    REFUSED_TOPIC,
    JSON.stringify({
      ...section,
      code: error.code,
      reason: error.message,
      payload: Buffer.from(lines.join('\n').slice(0, 4_096)).toString('base64'),
      time: now,
    }),
  )
}
