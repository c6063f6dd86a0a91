import { Worker } from 'node:worker_threads'
import type { Arrivals, Scores } from '../kinds/kind.ts'
import { takenKinds } from '../kinds/kinds.ts'
import type { Feed, Report, Task } from './task.ts'

const WORKER = new URL('./worker.ts', import.meta.url)
/** Objects of the method; the typed arrays it learns from are bounded where they are read. */
const MEMORY_MB = 1024

type Progress = (fraction: number, stage: string) => void

/** Why work in a thread came to nothing, in words for people. */
export class WorkFailed extends Error {}

/** It was cancelled. */
export class WorkCancelled extends Error {}

/**
 * Does a task in a thread of its own and answers its last report. The buffers in `transfer` go over to the thread.
 * @param limitMs longest time; undefined: as long as it takes
 * @throws WorkFailed, WorkCancelled
 */
export function inThread<Wanted extends Report['type']>(
  task: Task,
  wanted: Wanted,
  {
    abort,
    progress = () => undefined,
    transfer = [],
    limitMs,
  }: { abort: AbortSignal; progress?: Progress; transfer?: readonly ArrayBuffer[]; limitMs?: number },
): Promise<Extract<Report, { type: Wanted }>> {
  return new Promise((resolve, reject) => {
    if (abort.aborted) return reject(new WorkCancelled())
    const worker = open(task, transfer)
    let over = false
    const end = (settle: () => void) => {
      if (over) return
      over = true
      clearTimeout(timer)
      abort.removeEventListener('abort', cancel)
      void worker.terminate().then(settle)
    }
    const cancel = () => end(() => reject(new WorkCancelled()))
    abort.addEventListener('abort', cancel)
    const timer =
      limitMs === undefined
        ? undefined
        : setTimeout(
            () => end(() => reject(new WorkFailed(`It did not answer within ${Math.round(limitMs / 1000)} s.`))),
            limitMs,
          )
    worker.on('message', (report: Report) => {
      if (report.type === 'progress') progress(report.fraction, report.stage)
      else if (report.type === 'failed') end(() => reject(new WorkFailed(report.reason)))
      else if (report.type === wanted) end(() => resolve(report as Extract<Report, { type: Wanted }>))
    })
    worker.on('error', (error) => end(() => reject(new WorkFailed(reasonOf(error)))))
    worker.on('exit', (code) => end(() => reject(new WorkFailed(`Its thread ended with code ${code}.`))))
  })
}

/** A thread that scores stored readings, page by page. */
export class PastScorer {
  readonly #worker: Worker
  #turn: { resolve(report: Report): void; reject(error: Error): void } | undefined
  #early: Report[] = []
  #ended: Error | undefined

  constructor(task: Extract<Task, { type: 'recompute' }>) {
    this.#worker = open(task, [])
    this.#worker.on('message', (report: Report) => {
      if (report.type === 'failed') this.#fail(new WorkFailed(report.reason))
      else if (this.#turn === undefined) this.#early.push(report)
      else {
        const turn = this.#turn
        this.#turn = undefined
        turn.resolve(report)
      }
    })
    this.#worker.on('error', (error) => this.#fail(new WorkFailed(reasonOf(error))))
    this.#worker.on('exit', (code) => this.#fail(new WorkFailed(`Its thread ended with code ${code}.`)))
  }

  /** @throws WorkFailed */
  async take(arrivals: Arrivals): Promise<Scores> {
    await this.#until('ready')
    const transfer = [arrivals.input, arrivals.time, arrivals.value].map((column) => column.buffer as ArrayBuffer)
    this.#worker.postMessage({ arrivals } satisfies Feed, transfer)
    const report = await this.#until('scored')
    return report.scores
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  async #until<Wanted extends Report['type']>(wanted: Wanted): Promise<Extract<Report, { type: Wanted }>> {
    for (;;) {
      const report = this.#early.shift() ?? (await this.#next())
      if (report.type === wanted) return report as Extract<Report, { type: Wanted }>
    }
  }

  #next(): Promise<Report> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      this.#turn = { resolve, reject }
    })
  }

  #fail(error: Error): void {
    this.#ended ??= error
    this.#turn?.reject(this.#ended)
    this.#turn = undefined
  }
}

function open(task: Task, transfer: readonly ArrayBuffer[]): Worker {
  return new Worker(WORKER, {
    workerData: { task, kinds: takenKinds() },
    transferList: [...transfer],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  })
}

export function reasonOf(error: unknown): string {
  if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return `It needs more than the ${MEMORY_MB} MB of memory that it may have: choose fewer signals or a longer step.`
  }
  return error instanceof Error ? error.message : String(error)
}
