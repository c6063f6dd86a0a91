import { configErrors } from './errors.ts'
import { fromText, hint, type Option } from './option.ts'

/** What the program is asked to do instead of running. */
export interface Asked {
  help: boolean
  printConfig: boolean
  /** Path given with `--config`. */
  file: string | undefined
}

/**
 * Reads the command line: `--http-port 8080`, `--http-port=8080`, `--empty`, `--no-empty`. Every argument must be a
 * known option.
 */
export function readFlags(
  argv: readonly string[],
  options: readonly Option[],
): { values: Map<string, unknown>; asked: Asked } {
  const byFlag = new Map(options.map((option) => [option.flag, option]))
  const values = new Map<string, unknown>()
  const asked: Asked = { help: false, printConfig: false, file: undefined }
  for (let i = 0; i < argv.length; i++) {
    const [flag, inline] = split(argv[i]!)
    const following = (): string => {
      if (inline !== undefined) return inline
      const next = argv[++i]
      if (next === undefined || next.startsWith('--')) throw configErrors.noValue({ flag })
      return next
    }
    const option = byFlag.get(flag)
    const negated = flag.startsWith('--no-') ? byFlag.get(`--${flag.slice(5)}`) : undefined
    if (flag === '--help' || flag === '-h') asked.help = true
    else if (flag === '--print-config') asked.printConfig = true
    else if (flag === '--config') asked.file = following()
    else if (option?.type === 'boolean') values.set(option.name, inline === undefined ? true : fromText(option, inline))
    else if (option !== undefined) values.set(option.name, fromText(option, following()))
    else if (negated?.type === 'boolean' && inline === undefined) values.set(negated.name, false)
    else if (!flag.startsWith('-')) throw configErrors.argument({ argument: flag })
    else
      throw configErrors.unknownFlag({
        flag,
        hint: hint(flag, [...byFlag.keys(), '--help', '--config', '--print-config']),
      })
  }
  return { values, asked }
}

function split(argument: string): [flag: string, inline: string | undefined] {
  const equals = argument.indexOf('=')
  return argument.startsWith('--') && equals > 0
    ? [argument.slice(0, equals), argument.slice(equals + 1)]
    : [argument, undefined]
}
