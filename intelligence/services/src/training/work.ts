import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import { kindOf } from '../kinds/kinds.ts'
import type { Feed, Report, Task } from './task.ts'

type Send = (report: Report) => void

/** Progress is for people: five times a second is plenty. */
const PROGRESS_EVERY_MS = 200

/** Does a task in this thread. @throws what goes wrong, in words */
export async function work(task: Task, send: Send, port: MessagePort): Promise<void> {
  const kind = kindOf(task.kind)
  if (kind === undefined) throw new Error(`There is no kind of service named ${task.kind}.`)
  const able = await kind.work()
  switch (task.type) {
    case 'train': {
      if (able.train === undefined) throw new Error(`Services of the kind ${kind.name} are not trained here.`)
      const { model, report } = await able.train(task.data, task.settings, throttled(send))
      send({ type: 'trained', model: own(model), report })
      return
    }
    case 'check': {
      if (able.check === undefined) throw new Error(`Services of the kind ${kind.name} take no uploaded model.`)
      const checked = await able.check(task.model, task.manifest, task.settings)
      send({ type: 'checked', ...checked, model: own(checked.model) })
      return
    }
    case 'recompute': {
      const scorer = await able.scorer(task.model, { settings: task.settings, plan: task.plan })
      for (;;) {
        const next = once(port, 'message') as Promise<[Feed]>
        send({ type: 'ready' })
        const [{ arrivals }] = await next
        if (arrivals === undefined) return
        send({ type: 'scored', scores: await scorer.take(arrivals) })
      }
    }
  }
}

/** A view on a larger buffer would take all of it along. */
const own = (bytes: Uint8Array): Uint8Array => (bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice())

function throttled(send: Send): (fraction: number, stage: string) => void {
  let last = Number.NEGATIVE_INFINITY
  let said = ''
  return (fraction, stage) => {
    const now = performance.now()
    if (now - last < PROGRESS_EVERY_MS && stage === said) return
    last = now
    said = stage
    send({ type: 'progress', fraction: Math.min(1, Math.max(0, fraction)), stage })
  }
}
