import type { SignalFacts } from '@millwright/data'
import { serviceErrors } from '../errors.ts'
import type { MachineHistory, Plan, ServiceKind, Settings, TrainingData, TrainingLabel } from '../kinds/kind.ts'
import { labelStore } from '../labels/store.ts'
import type { OutputSignals } from '../outputs/signals.ts'
import type { Platform } from '../ports.ts'
import type { Announcer } from '../services/announce.ts'
import type { ServiceRow, VersionRow } from '../services/model.ts'
import { trainingId } from '../services/show.ts'
import type { VersionResult } from '../versions/store.ts'
import { heldSpan } from './held-span.ts'
import { chosenInputs } from './inputs.ts'
import { progressTeller } from './progress.ts'
import type { Job } from './queue.ts'
import { readGrid } from './read-grid.ts'
import { readReadings } from './read-readings.ts'
import { gridStep, inputsOf, type Span, type Surveyed, survey } from './survey.ts'
import { inThread } from './thread.ts'
import { concluded, dropped, kept } from './version-end.ts'

/** Of the whole, reading the history. */
const READING = 0.3

export interface TrainingOptions extends Platform {
  readonly announcer: Announcer
  readonly outputs: OutputSignals
}

type Step = (fraction: number, stage: string) => void

/** Trains versions: looks at the history, reads it in pages, and hands it to a thread. */
export class Training {
  readonly #options: TrainingOptions

  constructor(options: TrainingOptions) {
    this.#options = options
  }

  /** What a training learns from. @throws MW-SERVICE-0012 */
  span(kind: ServiceKind, settings: Settings, { from, to = this.#options.clock.now() }: Partial<Span>): Span {
    const start = from ?? Math.max(0, to - kind.span(settings))
    if (to <= start) throw serviceErrors.range({ path: 'to' })
    return { from: start, to }
  }

  /** @throws when the settings name signals that are not there, or nothing is left */
  inputs(
    { equipment, settings }: Pick<ServiceRow, 'equipment' | 'settings'>,
    kind: ServiceKind,
  ): readonly SignalFacts[] {
    const { plant, outputs } = this.#options
    return chosenInputs({ plant, writers: outputs.writers }, kind, settings, equipment)
  }

  job(row: ServiceRow, version: VersionRow, kind: ServiceKind): Job {
    return {
      id: trainingId(row.id, version.number),
      tenant: row.tenant,
      run: (abort, progress) => {
        const tell = progressTeller(this.#options.announcer, row, version.number, progress)
        return concluded(this.#options, version, abort, () => this.#train(row, version, kind, abort, tell))
      },
      dropped: () => dropped(this.#options, version),
    }
  }

  async #train(
    row: ServiceRow,
    version: VersionRow,
    kind: ServiceKind,
    abort: AbortSignal,
    tell: Step,
  ): Promise<VersionResult> {
    const settings = version.settings
    const span = { from: version.from!, to: version.to! }
    tell(0, 'looking at the history')
    const facts = this.inputs({ equipment: row.equipment, settings }, kind)
    const surveyed = await survey(this.#options.historian, facts, span, abort)
    const reads = kind.reads(settings)
    const step = gridStep(reads, surveyed)
    const plan: Plan = { step, inputs: inputsOf(surveyed, step) }
    const machines = [row.equipment, ...(kind.machines?.(settings) ?? [])]
    const histories: MachineHistory[] = []
    for (const [i, machine] of machines.entries()) {
      const done = (fraction: number) =>
        tell((READING * (i + Math.min(1, fraction))) / machines.length, 'reading the history')
      const own = machine === row.equipment
      const seen = own ? surveyed : await survey(this.#options.historian, this.#same(machine, facts), span, abort)
      histories.push(await this.#history(machine, seen, plan, span, done, abort))
    }
    const [machine, ...others] = histories as [MachineHistory, ...MachineHistory[]]
    const data: TrainingData = { ...span, plan, machine, others, labels: await this.#labels(row) }
    const { model, report } = await inThread({ type: 'train', kind: kind.id, settings, data }, 'trained', {
      abort,
      progress: (fraction, stage) => tell(READING + (1 - READING) * fraction, stage),
      transfer: histories.flatMap(buffersOf),
    })
    return { plan, report, ...(await kept(this.#options.artifacts, model)) }
  }

  async #history(
    id: string,
    surveyed: readonly Surveyed[],
    plan: Plan,
    asked: Span,
    done: (fraction: number) => void,
    abort: AbortSignal,
  ): Promise<MachineHistory> {
    const { historian, plant } = this.#options
    const name = plant.tree.get(id)?.name ?? id
    const facts = surveyed.map((each) => each.facts)
    const span = heldSpan(surveyed, asked)
    const { step } = plan
    const none = {
      times: new Float64Array(0),
      names: facts.map((each) => each.name),
      columns: facts.map(() => new Float64Array(0)),
    }
    if (step === null) return { id, name, grid: none, series: await readReadings(historian, facts, span, done, abort) }
    return { id, name, grid: await readGrid(historian, facts, { ...plan, step }, span, done, abort), series: [] }
  }

  /** The same signals of another machine, as far as it has them. */
  #same(machine: string, facts: readonly SignalFacts[]): SignalFacts[] {
    const held = this.#options.plant.catalogue.ofEquipment(machine)
    return facts.flatMap(({ name }) => held.get(name) ?? [])
  }

  async #labels({ id, tenant }: ServiceRow): Promise<TrainingLabel[]> {
    const rows = await this.#options.database.tenant(tenant, (sql) => labelStore.all(sql, id))
    return rows.map(({ from, to, verdict, what }) => ({ from, to, verdict, what }))
  }
}

/** Columns go over to the thread instead of being copied. */
const buffersOf = ({ grid, series }: MachineHistory): ArrayBuffer[] =>
  [
    grid.times,
    ...grid.columns,
    ...series.flatMap(({ times, values, waves }) => [times, values, ...waves.map(({ samples }) => samples)]),
  ].map(({ buffer }) => buffer as ArrayBuffer)
