import type { Client } from '@millwright/sdk'
import { CliError, refused, usage } from '../errors.ts'
import { kindOf } from '../input/reading-values.ts'
import type { CsvLayout, CsvRow } from '../input/readings-csv.ts'
import type { Asset } from '../resolve/assets.ts'
import { isId } from '../resolve/name.ts'
import type { Signal, SignalNames } from '../resolve/signals.ts'
import { text } from '../texts/text.ts'

export interface ImportSignalsOptions {
  readonly client: Client
  readonly names: SignalNames
  /** Where signals that are only named hang, and where new ones are made. */
  readonly equipment: Asset | undefined
  /** The one that all values are of. */
  readonly only: Signal | undefined
  readonly create: boolean
  readonly dryRun: boolean
  readonly layout: CsvLayout
  /** The first rows: what kind new signals are. */
  readonly sample: readonly CsvRow[]
  readonly kind?: Signal['kind']
  readonly unit?: string
}

/** What the file says where a signal is met first. */
export interface Met {
  readonly cell: string
  readonly unit?: string | undefined
  /** The id it had where the file was exported. */
  readonly id?: string | undefined
}

/** The signals that a file's readings go to: each looked for once, made when it is not there and may be. */
export class ImportSignals {
  readonly #o: ImportSignalsOptions
  readonly #known = new Map<string, Promise<Signal>>()
  #created = 0

  constructor(options: ImportSignalsOptions) {
    this.#o = options
  }

  /** Whether ids in the file count: not when the readings go to a machine that was named. */
  get byId(): boolean {
    return this.#o.equipment === undefined
  }

  get used(): number {
    return this.#known.size
  }

  get created(): number {
    return this.#created
  }

  /** The signal of a name in the file: its id, its path, or its name at the equipment. Errors: refused, wrong usage. */
  of(name: string, met: Met): Promise<Signal> {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const found = this.#o.only === undefined ? this.#find(name, met) : Promise.resolve(this.#o.only)
    this.#known.set(name, found)
    return found
  }

  async #find(name: string, met: Met): Promise<Signal> {
    const { client, names, equipment, dryRun } = this.#o
    if (name === '') throw usage(text('import.whichSignal'))
    if (equipment === undefined) {
      // An id of another platform is no signal here: the path is what moves.
      return names.one(name)
    }
    if (isId('sig', name)) return client.getSignal({ params: { id: name } })
    const { items } = await client.listSignals({ query: { equipment: equipment.id, q: name, limit: 1000 } })
    const found = items.find((signal) => signal.name === name)
    if (found !== undefined) return found
    if (!this.#o.create && !dryRun) {
      throw refused(text('import.noSignal', { name, equipment: equipment.name }))
    }
    return this.#make(name, equipment, met)
  }

  async #make(name: string, equipment: Asset, met: Met): Promise<Signal> {
    const { client, dryRun } = this.#o
    this.#created += 1
    // A file that this platform exported: the new signal is as the one its readings came from.
    const model =
      met.id === undefined || !isId('sig', met.id)
        ? undefined
        : await client.getSignal({ params: { id: met.id } }).catch(() => undefined)
    const kind = this.#o.kind ?? model?.kind ?? kindOf([met.cell, ...this.#cellsOf(name)])
    const unit = this.#o.unit ?? model?.unit ?? met.unit
    const body = { name, kind, equipment: equipment.id, ...(unit === undefined || unit === '' ? {} : { unit }) }
    if (dryRun) return { ...body, id: '' } as Signal
    try {
      return await client.createSignal({ body })
    } catch (error) {
      if (error instanceof CliError) throw error
      throw refused(text('import.notCreated', { name, reason: (error as Error).message }))
    }
  }

  *#cellsOf(name: string): Generator<string> {
    const { layout, sample } = this.#o
    if (layout.kind === 'wide') {
      const at = layout.columns.find((column) => column.name === name)?.at
      for (const { cells } of sample) if (at !== undefined) yield cells[at] ?? ''
      return
    }
    for (const { cells } of sample) if (signalNameOf(cells, layout, false) === name) yield cells[layout.value] ?? ''
  }
}

/**
 * The signal's name of a long row. Files that this platform exported carry the id and the name: the id counts when the
 * readings go back where they came from, the name when they go to another machine.
 */
export function signalNameOf(
  cells: readonly string[],
  layout: Extract<CsvLayout, { kind: 'long' }>,
  byId: boolean,
): string {
  const id = layout.signal === undefined ? undefined : cells[layout.signal]
  const name = layout.name === undefined ? undefined : cells[layout.name]
  return (byId ? (id ?? name) : (name ?? id))?.trim() ?? ''
}
