import { BOUNDS } from '@millwright/connectivity'
import { isUnit } from '@millwright/foundation'
import type { FilesConfig } from '../config.ts'
import { fileErrors } from '../errors.ts'

/** What is done with one column. */
export interface PlannedColumn {
  readonly index: number
  readonly metric: string
  /** UCUM. */
  readonly unit: string | undefined
  readonly kind: 'auto' | 'number' | 'boolean' | 'state'
}

/** What is done with the columns of one file. */
export interface Plan {
  /** Columns that make up the time. */
  readonly time: readonly number[]
  readonly device: number
  readonly columns: readonly PlannedColumn[]
  /** Layout of one line a reading: columns by their place, -1 where there is none. */
  readonly long: { readonly metric: number; readonly value: number; readonly unit: number } | undefined
  /** Columns that the header has. */
  readonly width: number
}

const TIME_NAMES = /^(time|timestamp|date[ _]?time|datum.*|zeit.*|zeitstempel|date|ts|time[ _]?stamp|t_stamp)$/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g

/**
 * @param header the column names; of a file without a header undefined, with the number of its columns
 * @param units of the columns, when the file has a line of them
 */
export function planOf(
  config: Pick<FilesConfig, 'time' | 'layout' | 'columns' | 'deviceColumn'>,
  header: readonly string[] | number,
  units: readonly string[],
  file: string,
): Plan {
  const names =
    typeof header === 'number' ? Array.from({ length: header }, (_, index) => `#${index + 1}`) : header.map(clean)
  const find = (name: string): number => {
    const place = /^#(\d{1,5})$/.exec(name)
    const index = place === null ? names.indexOf(clean(name)) : Number(place[1]) - 1
    if (index < 0 || index >= names.length)
      throw fileErrors.noColumn({ file, column: name, columns: names.slice(0, 30).join(', '), path: '/columns' })
    return index
  }
  const time = config.time.columns.length > 0 ? config.time.columns.map(find) : [guessTime(names)]
  const device = config.deviceColumn === undefined ? -1 : find(config.deviceColumn)
  const { layout } = config
  if (layout.type === 'long')
    return {
      time,
      device,
      columns: [],
      long: {
        metric: find(layout.metric),
        value: find(layout.value),
        unit: layout.unit === undefined ? -1 : find(layout.unit),
      },
      width: names.length,
    }
  const own = (index: number) => !time.includes(index) && index !== device
  const columns =
    config.columns.length > 0
      ? config.columns.map(({ column, metric, unit, kind }) => {
          const index = find(column)
          return { index, ...named(metric ?? names[index]!, unit ?? units[index]), kind }
        })
      : names.flatMap((name, index) =>
          own(index) && name !== '' ? [{ index, ...named(name, units[index]), kind: 'auto' as const }] : [],
        )
  return { time, device, columns, long: undefined, width: names.length }
}

/** `Temperature [Cel]` names its unit itself. */
function named(name: string, unit: string | undefined): { metric: string; unit: string | undefined } {
  const given = unit?.trim()
  const bracket = /^(.*\S)\s*[[(]([^\])]{1,20})[\])]$/.exec(name)
  const own = bracket !== null && isUnit(bracket[2]!) ? bracket : null
  const metric = (own === null ? name : own[1]!).slice(0, BOUNDS.nameChars)
  const code = given !== undefined && given !== '' ? given : own?.[2]
  return { metric, unit: code !== undefined && isUnit(code) ? code : undefined }
}

const clean = (name: string): string => name.replace(CONTROL, ' ').trim()

function guessTime(names: readonly string[]): number {
  const index = names.findIndex((name) => TIME_NAMES.test(name))
  return Math.max(0, index)
}
