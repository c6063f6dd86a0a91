import type { ServiceReport } from '@millwright/contracts'

/** A report with what every kind must say; the rest is empty until the kind has something to tell. */
export const reportOf = (said: Pick<ServiceReport, 'summary' | 'used'> & Partial<ServiceReport>): ServiceReport => ({
  leftOut: [],
  validation: null,
  figures: [],
  charts: [],
  notes: [],
  details: {},
  ...said,
})
