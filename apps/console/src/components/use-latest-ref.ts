import { type RefObject, useLayoutEffect, useRef } from 'react'

/** What was drawn last, for handlers that stay the same over many drawings. */
export function useLatestRef<T>(value: T): RefObject<T> {
  const held = useRef(value)
  useLayoutEffect(() => {
    held.current = value
  })
  return held
}
