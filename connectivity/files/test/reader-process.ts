/** A process that reads a folder and writes each reading to a file, to be killed in the middle of it. */
import { appendFileSync } from 'node:fs'
import type { MetricRows } from '@millwright/connectivity'
import { TestPorts } from '@millwright/connectivity/testing'
import { Value } from 'typebox/value'
import { createFilesAdapter } from '../src/adapter.ts'
import type { FilesConfig } from '../src/config.ts'

const [folder, directory, output] = process.argv.slice(2) as [string, string, string]
const ports = Object.assign(new TestPorts(), {
  directory,
  readings: {
    // Durable when it returns, as the historian's commit.
    async accept(rows: MetricRows) {
      let text = ''
      for (let row = 0; row < rows.length; row++) text += `${rows.time[row]} ${rows.value[row]}\n`
      appendFileSync(output, `${text}batch\n`)
    },
    async refuse() {},
    online() {},
    offline() {},
    saturated: false,
    async drained() {},
  },
})
const adapter = createFilesAdapter([folder])
const config = Value.Default(adapter.configSchema, {
  folder,
  settle: 0,
  interval: 0.1,
  afterwards: 'move',
}) as FilesConfig
const connection = adapter.create(config, ports)
await connection.start()
setInterval(() => {}, 1000)
