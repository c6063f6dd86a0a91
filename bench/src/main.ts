/** `npm run bench -- [--quick] [--json FILE] [NAME …]`: runs the scenarios and prints their figures. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadNow, type Measured, machine, report } from './report.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string', default: resolve(import.meta.dirname, '../results/latest.json') },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log('npm run bench -- [--quick] [--json FILE] [NAME …]\n')
  for (const { name, about } of scenarios) console.log(`  ${name.padEnd(12)}${about}`)
  process.exit(0)
}
const chosen = positionals.length === 0 ? scenarios : positionals.map(named)
const measured: Measured[] = []
for (const scenario of chosen) {
  console.error(`${scenario.name}: ${scenario.about}`)
  measured.push(await measure(scenario))
}
console.log(`\n${report(measured)}\n`)
await mkdir(dirname(values.json), { recursive: true })
const result = { machine: machine(), at: new Date().toISOString(), quick: values.quick, measured }
await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)
console.error(`Written to ${values.json}`)

function named(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found !== undefined) return found
  console.error(`There is no scenario "${name}"; there are: ${scenarios.map((each) => each.name).join(', ')}`)
  process.exit(1)
}

async function measure(scenario: Scenario): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), 'millwright-bench-'))
  const loadBefore = loadNow()
  const began = performance.now()
  try {
    const result = await scenario.run({ directory, quick: values.quick, log: (text) => console.error(`  ${text}`) })
    const seconds = Number(((performance.now() - began) / 1000).toFixed(1))
    return { scenario: scenario.name, about: scenario.about, seconds, loadBefore, ...result }
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  }
}
