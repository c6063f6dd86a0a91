import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { madeOldBy } from './event-keys.ts'
import { live } from './link.ts'

/** Events come in swarms (a thousand devices back after a restart): what they make old is read again at most so often. */
const PAUSE = 1_500

/** Reads again what others changed: trees, devices, rules on the screen are never older than a moment. */
export function useLiveEvents(): void {
  const queries = useQueryClient()
  useEffect(() => {
    const old = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const refresh = () => {
      timer = undefined
      for (const key of old) void queries.invalidateQueries({ queryKey: [key] })
      old.clear()
    }
    const end = live().events(({ event }) => {
      for (const key of madeOldBy(event.type)) old.add(key)
      if (old.size > 0) timer ??= setTimeout(refresh, PAUSE)
    })
    return () => {
      clearTimeout(timer)
      end()
    }
  }, [queries])
}
