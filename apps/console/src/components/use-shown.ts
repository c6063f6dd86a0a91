import { useEffect, useRef } from 'react'

/** Keeps the chosen one of a row of tabs or links in view when the row is wider than the screen. */
export function useShown<T extends HTMLElement>(chosen: string) {
  const row = useRef<T>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked for anew whenever another one is chosen
  useEffect(() => {
    const active = row.current?.querySelector('[data-active], [aria-current=page]')
    active?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [chosen])
  return row
}
