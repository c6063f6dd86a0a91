import { isDeepStrictEqual } from 'node:util'
import type { AssetFile, EquipmentClass } from '@millwright/contracts'
import type { Database, Sql } from '@millwright/storage'
import { type Actor, type AuditLog, authorize } from '@millwright/trust'
import { type ClassService, checkSignals } from './classes.ts'
import { assetErrors } from './errors.ts'
import { checkPlace } from './placing.ts'
import type { AssetService } from './service.ts'
import { type AssetRow, assetStore, classStore } from './store.ts'

export interface AssetFileOptions {
  readonly database: Database
  readonly audit: AuditLog
  readonly assets: AssetService
  readonly classes: ClassService
}

/** The tree and its classes as one file, out and in. Needs the whole tenant: a file may name any place. */
export class AssetFiles {
  readonly #options: AssetFileOptions

  constructor(options: AssetFileOptions) {
    this.#options = options
  }

  async write(actor: Actor): Promise<AssetFile> {
    authorize(actor, 'asset:read', { tenant: actor.tenant, path: [] })
    return this.#options.database.tenant(actor.tenant, async (sql) => {
      const classes = await classStore.page(sql, '', 1000)
      const rows = await assetStore.all(sql)
      const names = new Map(rows.map((row) => [row.id, row.name]))
      const className = new Map(classes.map((each) => [each.id, each.name]))
      return {
        classes: classes.map(({ name, description, signals }) => ({ name, description, signals })),
        assets: rows.map((row) => ({
          path: row.path.map((id) => names.get(id)!),
          level: row.level,
          description: row.description,
          metadata: row.metadata,
          ...(row.equipmentClass === null ? {} : { equipmentClass: className.get(row.equipmentClass)! }),
          ...(row.position === null ? {} : { position: row.position }),
        })),
      }
    })
  }

  /** All of the file or, when any of it is refused, nothing. */
  async read(actor: Actor, file: AssetFile): Promise<{ classes: number; created: number; updated: number }> {
    authorize(actor, 'asset:write', { tenant: actor.tenant, path: [] })
    const done = await this.#options.database.tenant(actor.tenant, async (sql) => {
      const classes = await this.#readClasses(sql, actor.tenant, file)
      const rows = await this.#readAssets(sql, actor.tenant, file, classes)
      const counts = { classes: file.classes.length, created: rows.created.length, updated: rows.updated.length }
      await this.#options.audit.record(actor, 'asset.import', actor.tenant, counts, sql)
      return { counts, rows: [...rows.created, ...rows.updated] }
    })
    await this.#options.assets.announce(done.rows)
    return done.counts
  }

  /** Class ids by lower-case name, those of the file written. */
  async #readClasses(sql: Sql, tenant: string, file: AssetFile): Promise<Map<string, string>> {
    const byName = new Map<string, string>()
    for (const known of await classStore.page(sql, '', 10_000)) byName.set(known.name.toLowerCase(), known.id)
    for (const wanted of file.classes) {
      const id = byName.get(wanted.name.toLowerCase())
      if (id === undefined) {
        byName.set(wanted.name.toLowerCase(), (await this.#options.classes.insert(sql, tenant, wanted)).id)
        continue
      }
      checkSignals(wanted.signals)
      const old = (await classStore.get(sql, id)) as EquipmentClass
      await classStore.update(sql, { ...old, ...wanted })
    }
    return byName
  }

  async #readAssets(
    sql: Sql,
    tenant: string,
    file: AssetFile,
    classes: Map<string, string>,
  ): Promise<{ created: AssetRow[]; updated: AssetRow[] }> {
    const created: AssetRow[] = []
    const updated: AssetRow[] = []
    const byPath = new Map<string, AssetRow>()
    const byId = new Map<string, string>()
    for (const row of await assetStore.all(sql)) {
      byId.set(row.id, row.name)
      byPath.set(key(row.path.map((id) => byId.get(id)!)), row)
    }
    for (const [i, wanted] of file.assets.entries()) {
      const parent = wanted.path.length === 1 ? undefined : byPath.get(key(wanted.path.slice(0, -1)))
      if (wanted.path.length > 1 && parent === undefined)
        throw assetErrors.fileParent({ path: wanted.path.join(' / ') })
      const equipmentClass = this.#classId(classes, wanted.equipmentClass, i)
      const known = byPath.get(key(wanted.path))
      if (known === undefined) {
        checkPlace(wanted.level, parent)
        const body = {
          ...wanted,
          name: wanted.path.at(-1)!,
          parent: parent?.id ?? null,
          equipmentClass,
          position: wanted.position ?? null,
        }
        const row = await this.#options.assets.insert(sql, tenant, body, parent)
        created.push(row)
        byPath.set(key(wanted.path), row)
      } else {
        const { description = known.description, metadata = known.metadata, position = known.position } = wanted
        const next = {
          ...known,
          description,
          metadata,
          position,
          equipmentClass: equipmentClass ?? known.equipmentClass,
        }
        if (same(known, next)) continue
        await assetStore.update(sql, next)
        updated.push({ ...next, version: known.version + 1 })
      }
    }
    return { created, updated }
  }

  #classId(classes: Map<string, string>, name: string | undefined, row: number): string | null {
    if (name === undefined) return null
    const id = classes.get(name.toLowerCase())
    if (id === undefined) throw assetErrors.classUnknown({ id: name, path: `assets/${row}/equipmentClass` })
    return id
  }
}

/** Names are compared without case; a control character cannot stand in one. */
const key = (path: readonly string[]) => path.join('\u0000').toLowerCase()

const same = (a: AssetRow, b: AssetRow): boolean =>
  a.description === b.description &&
  a.equipmentClass === b.equipmentClass &&
  isDeepStrictEqual(a.metadata, b.metadata) &&
  isDeepStrictEqual(a.position, b.position)
