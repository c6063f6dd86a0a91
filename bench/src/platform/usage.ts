import { readdirSync, readFileSync } from 'node:fs'
import { platform } from 'node:os'

const TICKS_PER_SECOND = 100

/** True where a process' memory and threads can be read: the figures of both are left out elsewhere. */
export const hasProc = platform() === 'linux'

/** Memory of a process that is in use now, and the most it was, MB. */
export function memory(pid: number): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024
  return { now: field('VmRSS'), most: field('VmHWM') }
}

/** Of the memory in use: what is the process' own, and what are pages of files (libraries, code) the kernel may drop. */
export function memoryParts(pid: number): { own: number; files: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) / 1024
  const own = field('Anonymous')
  return { own, files: field('Rss') - own }
}

/** Seconds of processor time, by the kind of thread. */
export type ThreadTimes = Map<string, number>

/** What each kind of thread of a process has used so far. Threads that have ended are missing. */
export function threadTimes(pid: number): ThreadTimes {
  const times: ThreadTimes = new Map()
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const stat = statOf(`/proc/${pid}/task/${thread}/stat`)
    if (stat === undefined) continue
    const kind = Number(thread) === pid ? MAIN_THREAD : kindOf(stat.name)
    times.set(kind, (times.get(kind) ?? 0) + stat.seconds)
  }
  return times
}

/** Seconds of processor time of the whole process, threads that have ended included. */
export const processTime = (pid: number): number => statOf(`/proc/${pid}/stat`)?.seconds ?? 0

export const MAIN_THREAD = 'main thread'

function statOf(path: string): { name: string; seconds: number } | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    const end = text.lastIndexOf(')')
    const fields = text.slice(end + 2).split(' ')
    const ticks = Number(fields[11]) + Number(fields[12])
    return { name: text.slice(text.indexOf('(') + 1, end), seconds: ticks / TICKS_PER_SECOND }
  } catch (error) {
    // A thread that ended while we looked.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

function kindOf(name: string): string {
  if (/^(node|libuv-worker)$/.test(name)) return 'pool of Node (inserts, files, cryptography)'
  if (/^(V8|node-)|^Worker/.test(name)) return 'V8 (garbage collection, compiling)'
  if (/Merge|Mutate/i.test(name)) return 'chDB merges'
  return `chDB ${name.replace(/[\d:]+$/, '')}`
}
