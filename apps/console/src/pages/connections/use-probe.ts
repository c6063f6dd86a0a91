import { useEffect, useRef, useState } from 'react'

export interface Probe<T> {
  readonly busy: boolean
  readonly result: T | undefined
  readonly error: unknown
  /** Asks anew; resolves with the answer, or with undefined when it was refused or stopped. */
  run(): Promise<T | undefined>
  stop(): void
}

/** A question to the peer that takes seconds and can be stopped. */
export function useProbe<T>(ask: (signal: AbortSignal) => Promise<T>): Probe<T> {
  const [state, setState] = useState<{ busy: boolean; result: T | undefined; error: unknown }>(NOTHING)
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  return {
    ...state,
    async run() {
      running.current?.abort()
      const own = new AbortController()
      running.current = own
      setState({ busy: true, result: undefined, error: undefined })
      try {
        const result = await ask(own.signal)
        if (running.current === own) setState({ busy: false, result, error: undefined })
        return result
      } catch (error) {
        if (own.signal.aborted) return undefined
        setState({ busy: false, result: undefined, error })
        return undefined
      }
    },
    stop() {
      running.current?.abort()
      setState(NOTHING)
    },
  }
}

const NOTHING = { busy: false, result: undefined, error: undefined }
