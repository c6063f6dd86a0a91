import type { ConnectionAdapter } from '@millwright/connectivity'
import { configSchema, type LinesConfig } from './config.ts'
import { LinesConnection } from './connection.ts'
import { linesErrors } from './errors.ts'
import { controlText } from './framing/escapes.ts'
import { manifest } from './manifest.ts'
import { compilePatterns } from './patterns/reader.ts'
import { testLines } from './probe.ts'

/** Lines of text as a configured connection. */
export const linesAdapter: ConnectionAdapter<LinesConfig> = {
  manifest,
  configSchema,
  check,
  create: (config, ports) => new LinesConnection(config, ports),
  test: testLines,
}

function check(config: LinesConfig): void {
  compilePatterns(config)
  if (config.delimiter?.type === 'text') controlText(config.delimiter.text, '/delimiter/text')
  config.requests?.forEach(({ text }, at) => {
    controlText(text, `/requests/${at}/text`)
  })
  if (config.source.type === 'udp' && (config.requests?.length ?? 0) > 0) {
    throw linesErrors.configuration({ path: '/requests', what: 'Devices that send datagrams to us cannot be asked.' })
  }
}
