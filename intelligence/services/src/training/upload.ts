import type { SignalFacts } from '@millwright/data'
import { unitConversion } from '@millwright/foundation'
import { serviceErrors } from '../errors.ts'
import type { ServiceKind } from '../kinds/kind.ts'
import type { Platform } from '../ports.ts'
import type { Announcer } from '../services/announce.ts'
import type { ServiceRow, VersionRow } from '../services/model.ts'
import { trainingId } from '../services/show.ts'
import type { VersionResult } from '../versions/store.ts'
import type { Job } from './queue.ts'
import { inputsOf, survey } from './survey.ts'
import { inThread } from './thread.ts'
import { concluded, dropped, kept } from './version-end.ts'

/** A model that does not load and run within this is none to score with. */
const CHECK_LIMIT_MS = 30_000
/** How far back the pace of its inputs is looked at. */
const LOOK_BACK = 86_400_000_000

export interface Upload {
  readonly manifest: unknown
  /** base64 */
  readonly model: string
}

/** Checks an uploaded model in a thread of its own: it is loaded and run once before it becomes a version. */
export function uploadJob(
  options: Platform & { readonly announcer: Announcer },
  row: ServiceRow,
  version: VersionRow,
  kind: ServiceKind,
  given: Upload,
): Job {
  const check = async (abort: AbortSignal): Promise<VersionResult> => {
    const task = {
      type: 'check',
      kind: kind.id,
      settings: version.settings,
      manifest: given.manifest,
      model: bytesOf(given.model),
    } as const
    const checked = await inThread(task, 'checked', { abort, limitMs: CHECK_LIMIT_MS })
    const { model, report, inputs, step } = checked
    const held = options.plant.catalogue.ofEquipment(row.equipment)
    const facts = inputs.map(({ name, unit }): SignalFacts => {
      const found = held.get(name)
      if (found === undefined)
        throw serviceErrors.model({ reason: `it reads "${name}", and the equipment has no such signal.` })
      if (found.kind !== 'number' && found.kind !== 'boolean')
        throw serviceErrors.model({ reason: `it reads "${name}", which is a ${found.kind}: only numbers can be read.` })
      if (unit !== undefined && unitConversion(found.unit, unit) === undefined)
        throw serviceErrors.model({
          reason: `it takes "${name}" in ${unit}, and the signal is in ${found.unit}: the two measure different things.`,
        })
      return found
    })
    const to = options.clock.now()
    const surveyed = await survey(options.historian, facts, { from: to - LOOK_BACK, to }, abort)
    const plan = { step, inputs: inputsOf(surveyed, step) }
    const settings = { ...version.settings, ...checked.settings }
    return { plan, report, settings, ...(await kept(options.artifacts, model)) }
  }
  return {
    id: trainingId(row.id, version.number),
    tenant: row.tenant,
    run: (abort) => concluded(options, version, abort, () => check(abort)),
    dropped: () => dropped(options, version),
  }
}

/** @throws MW-SERVICE-0029 */
function bytesOf(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw serviceErrors.modelEncoding({ path: 'model' })
  return new Uint8Array(Buffer.from(text, 'base64'))
}
