import { useEffect, useSyncExternalStore } from 'react'

/** Whether the command palette was ever asked for: its code comes with the first time. */
let count = 0
const listeners = new Set<() => void>()

export function openPalette(): void {
  count++
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** How often it was asked for; also listens for Ctrl/Cmd-K, in fields as well. */
export function usePaletteCalls(): number {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      openPalette()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return useSyncExternalStore(subscribe, () => count)
}
