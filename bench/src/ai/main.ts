/** `npm run bench:ai -- [--data FOLDER] [NAME …]`: the scores of the methods on recorded data, beside what others reached. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { aiReport, type Scored } from './report.ts'
import type { AiScenario } from './scenario.ts'
import { aiScenarios } from './scenarios.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: resolve(import.meta.dirname, '../../../../shared/data') },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log('npm run bench:ai -- [--data FOLDER] [NAME …]\n')
  for (const { name, about } of aiScenarios) console.log(`  ${name.padEnd(16)}${about}`)
  process.exit(0)
}
const scored: Scored[] = []
const skipped: string[] = []
for (const scenario of positionals.length === 0 ? aiScenarios : positionals.map(named)) {
  if (existsSync(join(values.data, scenario.pack))) scored.push(await score(scenario))
  else skipped.push(`${scenario.name}: there is no ${join(values.data, scenario.pack)}; give the folder with --data`)
}
console.log(`\n${aiReport(scored, skipped)}\n`)

function named(name: string): AiScenario {
  const found = aiScenarios.find((scenario) => scenario.name === name)
  if (found !== undefined) return found
  console.error(`There is no scenario "${name}"; there are: ${aiScenarios.map((each) => each.name).join(', ')}`)
  process.exit(1)
}

async function score(scenario: AiScenario): Promise<Scored> {
  console.error(`${scenario.name}: ${scenario.about}`)
  const began = performance.now()
  const result = await scenario.run({ data: values.data, log: (text) => console.error(`  ${text}`) })
  const seconds = Number(((performance.now() - began) / 1000).toFixed(1))
  return { scenario: scenario.name, about: scenario.about, seconds, ...result }
}
