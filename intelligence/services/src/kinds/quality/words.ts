import type { ControlCharts, JudgedParts, QualityCause } from '@millwright/contracts'

/** Three digits are what a person takes in. */
const short = (value: number): string => String(Number(value.toPrecision(3)))

/** What a person came for: whether the process is in control, and whether it fits its tolerance. */
export function chartSentence(
  { name, equipmentName, fired, capability }: Omit<ControlCharts, 'sentence'>,
  standing: ControlCharts['fired'],
): string {
  const what = equipmentName === '' ? name : `${equipmentName} ${name}`
  const [first] = [...standing].sort((a, b) => a.from - b.from)
  const able = capability === null ? '' : `; Cpk ${short(capability.cpk.value)}`
  if (first !== undefined) return `${what} is out of control: ${first.says}${able}.`
  const before =
    fired.length === 0 ? '' : `, after ${fired.length === 1 ? 'one signal' : `${fired.length} signals`} before`
  return `${what} is in control${before}${able}.`
}

export function partsSentence({
  judged,
  diverted,
  rightlyDiverted,
  falselyDiverted,
  missed,
}: Pick<JudgedParts, 'judged' | 'diverted' | 'rightlyDiverted' | 'falselyDiverted' | 'missed'>): string {
  if (judged === 0) return 'No part was judged in this span.'
  const parts = judged === 1 ? 'one part' : `${judged} parts`
  if (diverted === 0 && missed === 0) return `None of ${parts} was taken out.`
  const found = [
    rightlyDiverted > 0 ? `${rightlyDiverted} measured as rejects` : '',
    falselyDiverted > 0 ? `${falselyDiverted} good after all` : '',
  ].filter((each) => each !== '')
  const known = found.length === 0 ? '' : ` (${found.join(', ')})`
  const slipped = missed === 0 ? '' : ` ${missed} ${missed === 1 ? 'reject was' : 'rejects were'} missed.`
  return `Of ${parts} ${diverted} ${diverted === 1 ? 'was' : 'were'} taken out${known}.${slipped}`
}

export function causesSentence(causes: readonly QualityCause[]): string {
  const [first, second] = causes.filter(({ confirmed }) => confirmed)
  if (first === undefined) return 'Nothing stands out that drives the result.'
  const beside = second === undefined ? '' : `, then ${second.name} (${Math.round(100 * second.share)} %)`
  return `${first.name} drives the result most (${Math.round(100 * first.share)} %)${beside}.`
}
