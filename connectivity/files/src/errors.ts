import { errorCatalogue } from '@millwright/foundation'

/** What can be wrong with dropped files and with the folder they are dropped in. Numbers are never reused. */
export const fileErrors = errorCatalogue('FILES', {
  folderClosed: {
    number: 1,
    status: 403,
    text: 'The folder {folder} is not open to connections. Whoever runs this machine opens folders with --file-roots or MILLWRIGHT_FILE_ROOTS, as --file-roots /srv/drop.',
  },
  folderMissing: {
    number: 2,
    status: 404,
    text: 'The folder {folder} cannot be read ({reason}): is it there, and may this process read it?',
  },
  notRegular: { number: 3, status: 400, text: '{file} is not an ordinary file.' },
  pattern: { number: 4, status: 400, text: 'The name pattern {pattern} {what}.' },
  zone: { number: 5, status: 400, text: 'The time zone {zone} is not known: use names as Europe/Berlin.' },
  timeFormat: { number: 6, status: 400, text: 'The time format {format} {what}.' },
  settings: { number: 7, status: 400, text: 'The setting {path} {what}.' },
  // Files (20-39): one file refused, its connection goes on.
  noHeader: { number: 20, status: 400, text: '{file} has no line {line} with column names.' },
  noColumn: { number: 21, status: 400, text: '{file} has no column {column}; it has {columns}.' },
  notParquet: { number: 22, status: 400, text: '{file} is not a Parquet file that can be read: {reason}.' },
  tooLarge: { number: 23, status: 400, text: 'A row group of {file} has {size} bytes; at most {limit} are taken.' },
  // Rows (40-59): one row refused, its file goes on.
  badRow: { number: 40, status: 400, text: 'Line {line} of {file}: {what}.' },
  moreBadRows: {
    number: 41,
    status: 400,
    text: '{count} more lines of {file} up to line {line} were refused; the last: {what}.',
  },
})
