import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { CliError, EXIT, usage } from '../errors.ts'
import { clean } from '../output/clean.ts'
import { text } from '../texts/text.ts'

/** Questions to the person at the terminal; asked on standard error, so that results stay clean. */
export interface Ask {
  /** Whether somebody is there to answer. */
  readonly interactive: boolean
  /** A yes or no; no when only Enter is pressed. */
  confirm(question: string): Promise<boolean>
  line(question: string): Promise<string>
  /** Not echoed. */
  secret(question: string): Promise<string>
  /** The first line of standard input, for `--password-stdin`. */
  piped(): Promise<string>
}

export function createAsk(): Ask {
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true
  const need = () => {
    if (!interactive) throw usage(text('input.noTerminal'))
  }
  return {
    interactive,
    async confirm(question) {
      need()
      const answer = await answerTo(`${question} ${text('input.yesNo')} `, true)
      return ['y', 'yes'].includes(answer.trim().toLowerCase())
    },
    async line(question) {
      need()
      return (await answerTo(`${question} `, true)).trim()
    },
    async secret(question) {
      need()
      const answer = await answerTo(`${question} `, false)
      process.stderr.write('\n')
      return answer
    },
    async piped() {
      for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }))
        return line
      throw usage(text('input.emptyStdin'))
    },
  }
}

async function answerTo(question: string, echo: boolean): Promise<string> {
  let muted = false
  const output = new Writable({
    write(chunk, _, done) {
      if (!muted) process.stderr.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 })
  const { promise: left, reject } = Promise.withResolvers<never>()
  // Ctrl-C and Ctrl-D at a question: nothing is done.
  const leave = () => {
    process.stderr.write('\n')
    reject(new CliError(EXIT.interrupted, text('input.leftOpen')))
  }
  lines.once('SIGINT', leave)
  try {
    const answer = lines.question(question.split('\n').map(clean).join('\n')).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error
      leave()
      return left
    })
    muted = !echo
    return await Promise.race([answer, left])
  } finally {
    lines.close()
  }
}
