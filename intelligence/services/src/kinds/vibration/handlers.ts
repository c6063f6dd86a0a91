import type { vibrationOperations } from '@millwright/contracts'
import { MINUTE } from '@millwright/foundation'
import { bearingCatalogue, bearingOrders } from '@millwright/methods/vibration'
import type { Handlers } from '@millwright/trust'
import type { KindOptions } from '../options.ts'
import { Diagnoses } from './diagnosis.ts'
import { spectrogramOf, waterfallOf } from './maps.ts'
import { Recordings } from './recordings.ts'
import { spectrumOf } from './spectra.ts'

export const vibrationHandlers = (options: KindOptions): Handlers<typeof vibrationOperations> => {
  const recordings = new Recordings(options)
  const diagnoses = new Diagnoses(options, recordings)
  // Senders' clocks run ahead a little.
  const newest = () => options.clock.now() + MINUTE
  return {
    async listVibrationBearings() {
      return {
        items: bearingCatalogue.map(({ maker, designation, ...bearing }) => ({
          ...bearing,
          designation: `${maker} ${designation}`,
          orders: bearingOrders(bearing),
        })),
      }
    },
    async queryVibrationSpectrum({ actor, body, signal }) {
      const facts = recordings.signal(actor, body.signal)
      return spectrumOf(await recordings.newest(facts, body.at ?? newest(), signal), body)
    },
    async queryVibrationSpectrogram({ actor, body, signal }) {
      const facts = recordings.signal(actor, body.signal)
      return spectrogramOf(await recordings.newest(facts, body.at ?? newest(), signal), body)
    },
    async queryVibrationWaterfall({ actor, body, signal }) {
      const facts = recordings.signal(actor, body.signal)
      return waterfallOf(await recordings.spread(facts, body.from, body.to, body.columns ?? 60, signal), body)
    },
    diagnoseVibration: ({ actor, params, body, signal }) => diagnoses.of(actor, params.id, body, signal),
  }
}
