import type { Cli } from '../cli.ts'
import { given } from '../command.ts'
import { parseSpan } from '../input/times.ts'
import { safeJson } from '../output/clean.ts'
import { shownQuality, shownValue } from '../output/values.ts'
import { AssetNames } from '../resolve/assets.ts'
import { SignalNames } from '../resolve/signals.ts'
import { text } from '../texts/text.ts'

export interface ReadingsOptions {
  readonly from?: string
  readonly to?: string
  readonly limit?: number
  readonly all?: boolean
  readonly cursor?: string
}

const STANDARD_LIMIT = 1000
const LARGEST_PAGE = 10_000

/** Readings as stored, shown page by page as they come: as many as are asked for never stand in memory. */
export async function queryReadings(cli: Cli, target: string, options: ReadingsOptions): Promise<void> {
  const span = parseSpan(options, cli.now())
  const { client } = await cli.connect()
  const signal = await new SignalNames(client, new AssetNames(client)).one(target)
  const { out } = cli
  const wanted = options.all === true ? Number.POSITIVE_INFINITY : (options.limit ?? STANDARD_LIMIT)
  let cursor = options.cursor
  let shown = 0
  if (out.json) process.stdout.write('{\n  "items": [')
  do {
    const limit = Math.min(LARGEST_PAGE, wanted - shown)
    const page = await client.queryReadings({ body: { signal: signal.id, ...span, limit, ...given({ cursor }) } })
    if (out.json) {
      const rows = page.items.map((reading) => `\n    ${safeJson(reading)}`).join(',')
      process.stdout.write(shown > 0 && rows !== '' ? `,${rows}` : rows)
    } else if (page.items.length > 0) {
      out.dressed(
        page.items.map(({ time, value, quality }) => {
          const judged = quality === 0 ? '' : `  ${out.style('yellow', shownQuality(quality))}`
          return `${out.exactTime(time)}  ${out.safe(shownValue(value, signal.kind))}${judged}`
        }),
      )
    }
    shown += page.items.length
    cursor = page.next
  } while (cursor !== undefined && shown < wanted)
  if (out.json)
    process.stdout.write(`\n  ]${cursor === undefined ? '' : `,\n  "next": ${JSON.stringify(cursor)}`}\n}\n`)
  else if (shown === 0) out.note(text('query.empty'))
  else if (cursor !== undefined) out.note(text('list.more', { n: shown }))
}
