import type { QualityCause, qualityOperations } from '@millwright/contracts'
import { DAY, HOUR } from '@millwright/foundation'
import { gaugeStudy } from '@millwright/methods/quality'
import { type Actor, authorizeSeen, type Handlers } from '@millwright/trust'
import { serviceErrors } from '../../errors.ts'
import { versionStore } from '../../versions/store.ts'
import type { KindOptions } from '../options.ts'
import { controlCharts } from './charts.ts'
import { partCurve } from './curves.ts'
import { judgedParts } from './parts.ts'
import { readSignals } from './read.ts'
import { causesSentence } from './words.ts'

/** A chart looks back this far when nobody says. */
const SPAN = 8 * HOUR
const LONGEST = 92 * DAY

export const qualityHandlers = (options: KindOptions): Handlers<typeof qualityOperations> => {
  const { access, clock, database, diverters, plant } = options

  async function row(actor: Actor, id: string, permission: 'service:read' | 'service:write' = 'service:read') {
    const found = await access.service(actor, id, permission)
    if (found.kind !== 'quality') throw serviceErrors.otherKind({ kind: found.kind, wanted: 'quality', path: 'id' })
    return found
  }

  /** The service as it scores, for who may read its signals. */
  async function opened(actor: Actor, id: string) {
    const found = await row(actor, id)
    const version = await options.model(found)
    access.equipment(actor, found.equipment, 'signal:read')
    access.inputs(
      actor,
      found.equipment,
      version.facts.filter((each) => each !== undefined),
    )
    return { row: found, version }
  }

  return {
    async queryControlChart({ actor, body, signal }) {
      const unknown = () => serviceErrors.signalUnknown({ id: body.signal, path: 'signal' })
      const facts = plant.catalogue.byId(body.signal)
      if (facts === undefined || facts.equipment === null) throw unknown()
      authorizeSeen(actor, 'signal:read', 'signal:read', { tenant: facts.tenant, path: facts.path }, unknown)
      const name = plant.tree.get(facts.equipment)?.name ?? ''
      if (facts.kind !== 'number' && facts.kind !== 'boolean')
        throw serviceErrors.notCharted({ name: facts.name, kind: facts.kind, path: 'signal' })
      const to = body.to ?? clock.now() + HOUR
      const from = Math.max(body.from ?? to - SPAN, to - LONGEST)
      if (to <= from) throw serviceErrors.range({ path: 'to' })
      const [read] = await readSignals(options, [facts], { from, to }, signal)
      return controlCharts(facts, name, read!, body)
    },
    async studyGauge({ body }) {
      const study = gaugeStudy(body.measurements, body.tolerance)
      return { ...study, table: [...study.table], components: [...study.components] }
    },
    async listJudgedParts({ actor, params, query, signal }) {
      const { row: found, version } = await opened(actor, params.id)
      return judgedParts(options, version, found.name, query, signal)
    },
    async listQualityCauses({ actor, params }) {
      const { tenant, id, liveVersion } = await row(actor, params.id)
      const version = await database.tenant(tenant, (sql) =>
        liveVersion === null ? versionStore.newestReady(sql, id) : versionStore.get(sql, id, liveVersion),
      )
      const items = ((version?.report?.details as { causes?: QualityCause[] } | undefined)?.causes ?? []).map(
        (each) => ({
          ...each,
        }),
      )
      return { items, sentence: causesSentence(items) }
    },
    async comparePartCurve({ actor, params, body, signal }) {
      const { version } = await opened(actor, params.id)
      return partCurve(options, version, body, signal)
    },
    async getDiverter({ actor, params }) {
      return { diverter: diverters.of((await row(actor, params.id)).id) }
    },
    async setDiverter({ actor, params, body }) {
      return { diverter: await diverters.set(actor, await row(actor, params.id, 'service:write'), body.diverter) }
    },
  }
}
