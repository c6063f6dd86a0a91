/** Commands of people and rules to the instrument. */
import { queries } from './check.ts'
import { readBoolean, readNumber, readText } from './codec/values.ts'
import type { Output, ScpiConfig } from './config.ts'
import { scpiErrors } from './errors.ts'
import { readErrors } from './session/script.ts'
import type { Session } from './session/session.ts'

type Params = Readonly<Record<string, unknown>>

/** `query` `{ command }`, `send` `{ command }`, `write` `{ metric, value }`. Rejects with words for the user. */
export function runCommand(session: Session, config: ScpiConfig, name: string, params: unknown, signal: AbortSignal) {
  const given = (typeof params === 'object' && params !== null ? params : {}) as Params
  const said = prepare(config, name, given)
  return session.alone(async () => {
    // A late write would be a surprise.
    if (signal.aborted) throw scpiErrors.tooLate()
    const answer = said.query ? readText((await session.ask(said.command)).toString('latin1')) : undefined
    if (!said.query) await session.tell(said.command)
    await refuseErrors(session, config, said.command)
    if (said.output === undefined) return answer === undefined ? { sent: said.command } : { answer }
    if (said.output.query === undefined) return { metric: said.output.metric }
    const held = (await session.ask(said.output.query)).toString('latin1')
    return { metric: said.output.metric, value: heldValue(said.output, held) }
  })
}

interface Said {
  readonly command: string
  readonly query: boolean
  readonly output?: Output
}

function prepare(config: ScpiConfig, name: string, params: Params): Said {
  if (name === 'write') return written(config, params)
  if (name !== 'query' && name !== 'send') throw scpiErrors.commandUnknown({ name, path: '/name' })
  const command = params['command']
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (typeof command !== 'string' || !/^[^\u0000-\u001f\u007f]{1,1000}$/.test(command)) {
    throw scpiErrors.commandParams({
      name,
      wanted: 'command: one line of at most 1000 characters',
      path: '/params/command',
    })
  }
  const query = queries(command) > 0
  if (query !== (name === 'query') || queries(command) > 1) {
    const wanted = name === 'query' ? 'command: one query, with one ?' : 'command: without a ?'
    throw scpiErrors.commandParams({ name, wanted, path: '/params/command' })
  }
  if (!isAllowed(command, config.allow ?? [])) throw scpiErrors.notAllowed({ command, path: '/params/command' })
  return { command, query }
}

/** Each part of a message must be in the list: what follows a ; is a command of its own. */
export function isAllowed(command: string, allowed: readonly string[]): boolean {
  const patterns = allowed.map((each) => each.trim().toUpperCase())
  return splitMessage(command).every((part) => {
    const said = part.trim().toUpperCase()
    return patterns.some((pattern) =>
      /(…|\.\.\.)$/.test(pattern) ? said.startsWith(pattern.replace(/(…|\.\.\.)$/, '')) : said === pattern,
    )
  })
}

/** Parts between semicolons outside of quoted text. */
function splitMessage(command: string): string[] {
  const parts: string[] = ['']
  let quote = ''
  for (const char of command) {
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    if (char === ';' && quote === '') parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts
}

function written(config: ScpiConfig, params: Params): Said {
  const { metric, value } = params
  if (typeof metric !== 'string' || value === undefined) {
    throw scpiErrors.commandParams({ name: 'write', wanted: 'metric, value', path: '/params' })
  }
  const output = config.outputs?.find((each) => each.metric === metric)
  if (output === undefined) throw scpiErrors.outputUnknown({ metric, path: '/params/metric' })
  // As a function: a $ in the value means itself.
  const command = output.command.replaceAll('{value}', () => valueText(output, value))
  return { command, query: false, output }
}

function valueText(output: Output, value: unknown): string {
  const refused = (expected: string) =>
    scpiErrors.value({ metric: output.metric, value, expected, path: '/params/value' })
  if (output.type === 'boolean') {
    if (typeof value !== 'boolean') throw refused('true or false')
    return value ? '1' : '0'
  }
  if (output.type === 'text') {
    // What could end the command and begin another one is not let through.
    if (typeof value !== 'string' || !/^[A-Za-z0-9_.+-]{1,100}$/.test(value))
      throw refused('a word of letters, digits and _ . + -')
    return value
  }
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = output
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refused('a number')
  if (value < minimum || value > maximum) throw refused(`between ${minimum} and ${maximum}`)
  return String(value)
}

function heldValue(output: Output, held: string): unknown {
  if (output.type === 'boolean') return readBoolean(held, output.query!) === 1
  return output.type === 'text' ? readText(held) : readNumber(held, output.query!)
}

async function refuseErrors(session: Session, config: ScpiConfig, command: string): Promise<void> {
  if (config.errorQueue === false) return
  const errors = await readErrors(session)
  if (errors !== undefined && errors.length > 0) throw scpiErrors.instrument({ command, said: errors.join('; ') })
}
