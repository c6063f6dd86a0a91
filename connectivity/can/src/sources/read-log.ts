import type { FileBatch, PickedFile, ReadFile, RefusedPart } from '@millwright/connectivity-files'
import { DAY, type Micros } from '@millwright/foundation'
import { canErrors } from '../errors.ts'
import type { BusDecoders } from '../frames/buses.ts'
import { FrameBytes } from '../frames/extract.ts'
import { FrameLine } from './lines.ts'

const CHUNK = 256 * 1024
const MAX_LINE = 4096
const MAX_REFUSED = 20
const PAYLOAD = 256
/** 2000-01-01T00:00:00Z. */
const EARLIEST = 946_684_800_000_000
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Where reading stands, and what the head of an ASC file said. */
interface Position {
  readonly offset: number
  readonly line: number
}

/** How an ASC file counts: in which base, and from when on. */
interface AscHead {
  readonly decimal: boolean
  readonly zero: Micros
}

/**
 * Logs of candump (`-l`, `-L`, or its output with `-ta`) and Vector's ASC, in pieces of 256 KiB.
 * @param toUtc of the local time in the head of ASC files
 */
export function logReader(
  makeDecoders: () => BusDecoders,
  now: () => Micros,
  toUtc: (local: Micros) => Micros,
): ReadFile {
  return async function* (file, position) {
    const asc = await ascHead(file, toUtc)
    const decoders = makeDecoders()
    const frame = new FrameBytes()
    const line = new FrameLine(frame)
    let { offset, line: number }: Position = position === undefined ? { offset: 0, line: 1 } : JSON.parse(position)
    const buffer = Buffer.allocUnsafe(CHUNK)
    while (offset < file.size) {
      const bytes = await file.read(offset, CHUNK, buffer)
      if (bytes.length === 0) break
      const cut = bytes.lastIndexOf(10) + 1
      const atEnd = offset + bytes.length >= file.size
      if (cut === 0 && !atEnd && bytes.length < MAX_LINE) break
      const text = bytes.toString('latin1', 0, cut === 0 || atEnd ? bytes.length : cut)
      const refused: RefusedPart[] = []
      const more = { count: 0, line: 0, what: '' }
      const latest = now() + DAY
      for (let start = 0; start < text.length; number++) {
        let end = text.indexOf('\n', start)
        if (end < 0) end = text.length
        const problem = readLine(line, text, start, end, asc)
        let what = typeof problem === 'string' ? problem : undefined
        if (problem === undefined && !line.empty) {
          if (line.time < EARLIEST || line.time > latest)
            what = 'its time is not between 2000 and tomorrow; is it relative?'
          else decoders.of(line.channel)?.decode(line.id, line.extended, frame, line.time)
        }
        if (what !== undefined) {
          if (refused.length < MAX_REFUSED)
            refused.push({
              error: canErrors.badLine({ line: number, file: file.name, what }),
              payload: Buffer.from(text.slice(start, Math.min(end, start + PAYLOAD))),
            })
          else Object.assign(more, { count: more.count + 1, line: number, what })
        }
        start = end + 1
      }
      if (more.count > 0)
        refused.push({ error: canErrors.moreBadLines({ ...more, file: file.name }), payload: Buffer.alloc(0) })
      offset += text.length
      const rows = decoders.filled()
      yield { rows, refused, position: JSON.stringify({ offset, line: number } satisfies Position) } satisfies FileBatch
      decoders.clear()
    }
  }
}

/** @returns what is wrong; `false`: the line holds no frame; undefined: the frame was read */
function readLine(
  line: FrameLine,
  text: string,
  start: number,
  end: number,
  asc: AscHead | undefined,
): string | false | undefined {
  if (end - start > MAX_LINE) return 'it is too long'
  const stop = text.charCodeAt(end - 1) === 13 ? end - 1 : end
  if (stop <= start) return false
  if (asc !== undefined) return line.readAsc(text, start, stop, asc.decimal, asc.zero)
  if (text.slice(start, stop).trim() === '') return false
  return line.readCandump(text, start, stop)
}

/** undefined: not an ASC file. */
async function ascHead(file: PickedFile, toUtc: (local: Micros) => Micros): Promise<AscHead | undefined> {
  const head = (await file.read(0, 2048)).toString('latin1')
  const date =
    /^date\s+\w{3}\s+(\w{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?\s*([ap]m)?\s+(\d{4})/im.exec(head)
  const base = /^base\s+(hex|dec)/im.exec(head)
  if (date === null || base === null) return undefined
  const [, month, day, hours, minute, second, fraction = '', half, year] = date
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  const at = MONTHS.indexOf(month!.toLowerCase())
  const local = Date.UTC(Number(year), at, Number(day), hour, Number(minute), Number(second)) * 1000
  return { decimal: base[1]!.toLowerCase() === 'dec', zero: toUtc(local + Number(fraction.padEnd(6, '0'))) }
}
