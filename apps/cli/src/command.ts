import { type Command, InvalidArgumentError } from 'commander'
import { type PlainKey, text } from './texts/text.ts'

const EXAMPLE = '  $ millwright '

/** A group of commands, as `millwright devices …`. */
export function group(program: Command, name: string, key: PlainKey, aliases: readonly string[] = []): Command {
  const made = program.command(name).description(text(key)).helpCommand(false)
  for (const alias of aliases) made.alias(alias)
  return made
}

export interface CommandOptions {
  readonly text: PlainKey
  /** Ways to call it, without the program's name. */
  readonly examples: readonly string[]
  /** What the group does when no command of it is named. */
  readonly standard?: boolean
  /** What there is to know beyond one line. */
  readonly about?: PlainKey
  readonly aliases?: readonly string[]
}

/** A command with its description and examples in the help. */
export function command(parent: Command, signature: string, options: CommandOptions): Command {
  const made = parent.command(signature, options.standard === true ? { isDefault: true } : {})
  const about = options.about === undefined ? '' : `\n\n${text(options.about)}`
  made
    .summary(text(options.text))
    .description(text(options.text) + about)
    .allowExcessArguments(false)
  for (const alias of options.aliases ?? []) made.alias(alias)
  return made.addHelpText(
    'after',
    `\n${text('help.examples')}\n${options.examples.map((example) => EXAMPLE + example).join('\n')}`,
  )
}

/** For options that may be given several times. */
export const collect = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value]

/** A whole number within bounds. */
export function whole(low: number, high: number): (given: string) => number {
  return (given) => {
    const value = Number(given)
    if (given.trim() === '' || !Number.isInteger(value) || value < low || value > high) {
      throw new InvalidArgumentError(text('input.whole', { low, high }))
    }
    return value
  }
}

/** A finite number, or `none` for no bound. */
export function real(given: string): number {
  const value = Number(given)
  if (given.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError(text('input.number'))
  return value
}

export function realOrNone(given: string): number | null {
  return given === 'none' ? null : real(given)
}

/** One of these words. */
export function choice<const T extends readonly string[]>(values: T): (given: string) => T[number] {
  return (given) => {
    if (!values.includes(given)) throw new InvalidArgumentError(text('input.choice', { values: values.join(', ') }))
    return given
  }
}

type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The fields that have a value: the API tells absent from empty. */
export const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>
