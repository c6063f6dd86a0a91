import type { Database, Sql } from '@millwright/storage'

/** A database whose next transactions can be made to fail, as when the disk is full. */
export class FailingDatabase implements Database {
  failing = false
  readonly #inner: Database

  constructor(inner: Database) {
    this.#inner = inner
  }

  tenant<T>(tenant: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.failing ? Promise.reject(new Error('disk full')) : this.#inner.tenant(tenant, work)
  }

  system<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.failing ? Promise.reject(new Error('disk full')) : this.#inner.system(work)
  }

  close(): Promise<void> {
    return this.#inner.close()
  }
}
