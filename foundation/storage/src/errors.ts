import { errorCatalogue } from '@millwright/foundation'

/** What can go wrong between the platform and its disks and engines. */
export const storageErrors = errorCatalogue('STORAGE', {
  nestedTransaction: {
    number: 1,
    status: 500,
    text: 'A transaction was opened inside another one; pass the open transaction’s `sql` along instead.',
  },
  migrationChanged: {
    number: 2,
    status: 500,
    text: 'Migration {id} was changed after it was applied to this database; restore its text and add a new migration.',
  },
  schemaNewer: {
    number: 3,
    status: 500,
    text: 'The database holds a newer schema (migration {id} is unknown here); start the version of Millwright that wrote it, or a later one.',
  },
  migrationOrder: {
    number: 4,
    status: 500,
    text: 'Migration {id} stands twice or out of order in its stage; ids must rise.',
  },
  migrationFailed: {
    number: 5,
    status: 500,
    text: 'Migration {id} failed and nothing of it was kept: {reason}',
  },
  databaseRole: {
    number: 6,
    status: 500,
    text: 'The database user {user} may not {what}; use a superuser, or one with CREATEROLE and BYPASSRLS.',
  },
  databaseUnreachable: {
    number: 7,
    status: 503,
    text: 'The database at {host} does not answer: {reason}. Check that it runs and that the address and password are right.',
  },
  parameter: { number: 9, status: 500, text: 'The query parameter {name} cannot be used: {reason}.' },
  databaseDamaged: {
    number: 10,
    status: 500,
    text: 'The database in {directory} cannot be opened ({reason}). Nothing was changed; restore a backup into a new directory.',
  },
  databaseVersion: {
    number: 11,
    status: 500,
    text: 'The database in {directory} was written by PostgreSQL {found}, and this version of Millwright has PostgreSQL {own}. Make a backup with the version that wrote it and restore that with this one.',
  },
  telemetryDamaged: {
    number: 12,
    status: 500,
    text: 'The telemetry in {directory} cannot be opened ({reason}). Nothing was changed; restore a backup into a new directory.',
  },
  diskFull: {
    number: 13,
    status: 503,
    text: 'The disk of {directory} is full: nothing of this was kept. Make room; the platform goes on by itself.',
  },
  databaseEnded: {
    number: 14,
    status: 503,
    text: 'The database ended itself ({reason}) and is being opened again; nothing of this was kept. Try again in a moment.',
  },
  databaseTorn: {
    number: 15,
    status: 500,
    text: 'The database in {directory} is damaged ({reason}): what stood there cannot be read. Restore a backup into a new data directory.',
  },
  databaseClosed: { number: 8, status: 503, text: 'The database is closed: the platform is stopping.' },
})
