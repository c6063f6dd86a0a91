import type { ServiceReport } from '@millwright/contracts'

/** More than any report has to say: what is larger fills the database and every page that shows it. */
const MOST_BYTES = 4 << 20

/** Text as the database can hold it: no NUL, no half characters. Names out of a model from a stranger may be anything. */
export const storableText = (text: string): string => text.replaceAll('\u0000', '\ufffd').toWellFormed()

/** The report as it can be stored and shown: numbers that are none are left out. @throws an error when it is too large */
export function storableReport(report: ServiceReport): ServiceReport {
  const finite = ({ value }: { readonly value: number }) => Number.isFinite(value)
  const { validation } = report
  const whole: ServiceReport = {
    ...report,
    figures: report.figures.filter(finite),
    validation: validation === null ? null : { ...validation, figures: validation.figures.filter(finite) },
  }
  // What JSON has no number for becomes null there: gaps in charts.
  const text = JSON.stringify(whole)
  if (text.length > MOST_BYTES) throw new Error(`The report has ${text.length} bytes, and may have ${MOST_BYTES}.`)
  return JSON.parse(text, (_, value: unknown) => storableValue(value)) as ServiceReport
}

function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [storableText(key), each]))
}
