import { Argument, type Command } from 'commander'
import type { Cli } from '../cli.ts'
import { command } from '../command.ts'
import { text } from '../texts/text.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** Completion of commands and options. It stands in the script whole: no process is started at each press of Tab. */
export function completionCommand(program: Command, cli: Cli): void {
  command(program, 'completion', {
    text: 'completion.completion',
    examples: [
      'completion bash > ~/.local/share/bash-completion/completions/millwright',
      'completion zsh > ~/.zfunc/_millwright',
      'completion fish > ~/.config/fish/completions/millwright.fish',
    ],
  })
    .addArgument(new Argument('<shell>', text('completion.shell')).choices(SHELLS))
    .action((shell: (typeof SHELLS)[number]) => {
      process.stdout.write(shell === 'fish' ? fish(program) : bash(program, shell === 'zsh'))
      cli.out.note('')
    })
}

/** Command lines without options, as `devices list`, and what may follow each. */
function* places(
  parent: Command,
  path: readonly string[] = [],
): Generator<{ path: string; words: string[]; own: Command }> {
  const commands = parent.commands.filter((one) => one.name() !== 'help')
  const options = [...parent.options, ...(path.length === 0 ? [] : rootOf(parent).options)]
  yield {
    path: path.join(' '),
    words: [...commands.map((one) => one.name()), ...options.flatMap(({ long }) => long ?? [])],
    own: parent,
  }
  for (const one of commands) yield* places(one, [...path, one.name()])
}

const rootOf = (one: Command): Command => (one.parent === null ? one : rootOf(one.parent))

function bash(program: Command, zsh: boolean): string {
  const cases = [...places(program)].map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`)
  const name = program.name()
  return `${zsh ? `#compdef ${name}\nautoload -U +X bashcompinit && bashcompinit\n` : ''}_${name}() {
  local path='' words='' word known
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) continue ;; esac
    known="\${path:+$path }$word"
    case "$known" in
${[...places(program)]
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      '${path}') path="$known" ;;`)
  .join('\n')}
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _${name} ${name}
`
}

function fish(program: Command): string {
  const name = program.name()
  const lines: string[] = []
  const quoted = (words: string) => `'${words.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const tops = program.commands.map((one) => one.name()).join(' ')
  for (const top of program.commands) {
    const about = quoted(top.summary() || (top.description().split(/[.:] /)[0] ?? ''))
    lines.push(`complete -c ${name} -f -n 'not __fish_seen_subcommand_from ${tops}' -a ${top.name()} -d ${about}`)
    const seen = `__fish_seen_subcommand_from ${top.name()}`
    const subs = top.commands.map((one) => one.name()).join(' ')
    for (const sub of top.commands) {
      const when = quoted(`${seen}; and not __fish_seen_subcommand_from ${subs}`)
      lines.push(
        `complete -c ${name} -f -n ${when} -a ${sub.name()} -d ${quoted(sub.description().split(/[.:] /)[0] ?? '')}`,
      )
      for (const option of sub.options)
        if (option.long)
          lines.push(fishOption(name, `${seen}; and __fish_seen_subcommand_from ${sub.name()}`, option.long))
    }
    for (const option of top.options) if (option.long) lines.push(fishOption(name, seen, option.long))
  }
  for (const option of program.options)
    if (option.long) lines.push(`complete -c ${name} -l ${option.long.slice(2)} -d ${quoted(option.description)}`)
  return `${lines.join('\n')}\n`
}

const fishOption = (name: string, when: string, long: string): string =>
  `complete -c ${name} -n '${when}' -l ${long.slice(2)}`
