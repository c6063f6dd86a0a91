import type { FilesConfig } from './config.ts'
import type { PlannedColumn } from './csv/plan.ts'
import { csvHead } from './csv/read-csv.ts'
import { fileErrors } from './errors.ts'
import { PickedFile } from './folder/picked-file.ts'
import { parquetHead } from './parquet/read-parquet.ts'

/** What a file looks like under a configuration. */
export interface FileLook {
  readonly columns: readonly PlannedColumn[]
  /** How it was understood, in words. */
  readonly summary: string
}

/** Whether a file is Parquet, by the configuration or its name. */
export const isParquet = ({ format }: FilesConfig, name: string): boolean =>
  format === 'parquet' || (format === 'auto' && /\.(parquet|pq)$/i.test(name))

/** Looks at the head of one file. Throws a MillwrightError when it cannot be read so. */
export async function lookAt(path: string, config: FilesConfig): Promise<FileLook> {
  const file = await PickedFile.open(path)
  try {
    if (isParquet(config, path)) {
      const { plan, metadata, columns } = await parquetHead(file, config)
      const time = plan.time.map((index) => columns[index]!.name).join(' + ')
      return {
        columns: plan.columns,
        summary: `Parquet, ${metadata.num_rows} rows, ${plan.columns.length} metrics, time in ${time}`,
      }
    }
    const head = await csvHead(file, config)
    if (head === undefined) throw fileErrors.noHeader({ file: file.name, line: config.csv.header })
    const { dialect, plan, header } = head
    const time = plan.time.map((index) => header[index] ?? `#${index + 1}`).join(' + ')
    const delimiter = dialect.delimiter === '\t' ? 'tabs' : `"${dialect.delimiter}"`
    return {
      columns: plan.columns,
      summary: `${dialect.encoding}, delimited by ${delimiter}, decimal sign "${dialect.decimal}", ${plan.long === undefined ? `${plan.columns.length} metrics` : 'one line a reading'}, time in ${time}`,
    }
  } finally {
    await file.close()
  }
}
