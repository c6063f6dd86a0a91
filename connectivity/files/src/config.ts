import { Choice, Strict } from '@millwright/contracts'
import { type Static, Type } from 'typebox'
import { folderFields } from './folder/config.ts'

const ColumnName = Type.String({
  title: 'Column',
  description: 'As in the header; #3 is the third',
  minLength: 1,
  maxLength: 200,
})
const choice = <const T extends readonly string[]>(
  values: T,
  options: { title: string; description: string; default: T[number] },
) => Type.Unsafe<T[number]>({ ...Choice(values), ...options })

const csv = Type.Object(
  {
    delimiter: choice(['auto', ',', ';', 'tab', '|', 'space'], {
      title: 'Delimiter',
      description: 'auto looks at the first lines',
      default: 'auto',
    }),
    decimal: choice(['auto', '.', ','], {
      title: 'Decimal sign',
      description: 'auto looks at the first lines',
      default: 'auto',
    }),
    encoding: choice(['auto', 'utf-8', 'windows-1252', 'utf-16le'], {
      title: 'Encoding',
      description: 'auto: by byte order mark, else UTF-8 when it is that, else Windows-1252',
      default: 'auto',
    }),
    header: Type.Integer({
      title: 'Header line',
      description: 'Number of the line with column names; 0: there is none',
      default: 1,
      minimum: 0,
      maximum: 1000,
    }),
    units: Type.Integer({
      title: 'Units line',
      description: 'Number of a line with units (UCUM); 0: there is none',
      default: 0,
      minimum: 0,
      maximum: 1000,
    }),
    comment: Type.String({
      title: 'Comment sign',
      description: 'Lines that begin with it are passed over; empty: none',
      default: '#',
      maxLength: 5,
    }),
  },
  { title: 'Text files', description: 'How they are written', additionalProperties: false, default: {} },
)

const time = Type.Object(
  {
    columns: Type.Array(ColumnName, {
      title: 'Columns',
      description:
        'The column with the time; date and time in two columns are joined with a space. Empty: time, timestamp, date …, or the first',
      default: [],
      maxItems: 3,
    }),
    format: Type.String({
      title: 'Format',
      description: 'auto, iso, unix s, unix ms, unix us, unix ns, excel, or a pattern as dd.MM.yyyy HH:mm:ss,SSS',
      default: 'auto',
      minLength: 1,
      maxLength: 60,
    }),
    zone: Type.String({
      title: 'Time zone',
      description: 'Of times that name none, as Europe/Berlin',
      default: 'UTC',
      minLength: 1,
      maxLength: 60,
    }),
  },
  { title: 'Time', description: 'When the readings were taken', additionalProperties: false, default: {} },
)

const column = Strict({
  column: ColumnName,
  metric: Type.Optional(
    Type.String({ title: 'Metric', description: 'Absent: the column’s name', minLength: 1, maxLength: 200 }),
  ),
  unit: Type.Optional(Type.String({ title: 'Unit', description: 'UCUM code', minLength: 1, maxLength: 40 })),
  kind: choice(['auto', 'number', 'boolean', 'state'], {
    title: 'Kind',
    description: 'auto: what each cell looks like; name it for status columns that hold numbers',
    default: 'auto',
  }),
})

const layout = Type.Union(
  [
    Strict({ type: Type.Literal('wide', { title: 'One column a metric' }) }),
    Strict({
      type: Type.Literal('long', { title: 'One line a reading' }),
      metric: Type.String({
        title: 'Metric column',
        description: 'Holds the metric’s name',
        minLength: 1,
        maxLength: 200,
      }),
      value: Type.String({ title: 'Value column', description: 'Holds the value', minLength: 1, maxLength: 200 }),
      unit: Type.Optional(
        Type.String({ title: 'Unit column', description: 'Holds the unit (UCUM)', minLength: 1, maxLength: 200 }),
      ),
    }),
  ],
  { title: 'Layout', description: 'How readings stand in the file', default: { type: 'wide' } },
)

export const filesConfig = Strict({
  ...folderFields('*.csv'),
  format: choice(['auto', 'csv', 'parquet'], {
    title: 'File format',
    description: 'auto: by the end of the name',
    default: 'auto',
  }),
  csv,
  time,
  layout,
  columns: Type.Array(column, {
    title: 'Columns',
    description: 'Those that are read; empty: all but the time and the device',
    default: [],
    maxItems: 2000,
  }),
  deviceColumn: Type.Optional(
    Type.String({
      title: 'Device column',
      description: 'Holds the device’s name; absent: as the file name says, or the connection’s own',
      minLength: 1,
      maxLength: 200,
    }),
  ),
})
export type FilesConfig = Static<typeof filesConfig>
