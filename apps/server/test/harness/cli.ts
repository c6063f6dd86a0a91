import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))
const PATIENCE = 30_000

export interface CliResult {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface CliSettings {
  readonly url: string
  /** The platform's data directory; absent: nothing to fall back on. */
  readonly data?: string
  /** Stands for the person's home: configuration and working directory. */
  readonly home: string
  readonly environment?: Readonly<Record<string, string>>
}

/** The real command, as a person on some machine runs it. */
export class CliUser {
  readonly #settings: CliSettings

  constructor(settings: CliSettings) {
    this.#settings = settings
  }

  /** Starts it; the caller waits for its end. */
  start(args: readonly string[]): ChildProcess {
    const { url, data, home, environment } = this.#settings
    return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      cwd: home,
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: PATIENCE,
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        XDG_CONFIG_HOME: join(home, 'config'),
        // One for all of them: each call compiles nothing anew.
        XDG_CACHE_HOME: join(home, '..', 'cache'),
        MILLWRIGHT_URL: url,
        MILLWRIGHT_DATA: data ?? join(home, 'none'),
        ...environment,
      },
    })
  }

  /** Runs it to its end. */
  async run(args: readonly string[], input = ''): Promise<CliResult> {
    const child = this.start(args)
    let out = ''
    let err = ''
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.stdin!.on('error', () => undefined)
    child.stdin!.end(input)
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, out, err }
  }

  /** Runs it with --json and reads its answer; anything but success is an error. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, out, err } = await this.run([...args, '--json'])
    if (code !== 0) throw new Error(`millwright ${args.join(' ')} ended with ${code}: ${err}`)
    return JSON.parse(out) as T
  }
}

/** Lines of a running command as they come. */
export async function* linesOf(child: ChildProcess): AsyncGenerator<string> {
  for await (const line of createInterface({ input: child.stdout! })) yield line
}
