import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useLayoutEffect, useState } from 'react'

const VIRTUAL_FROM = 80

/** Short tables are drawn whole; long ones by what of the page's scroll area is in view. */
export function useRows(body: RefObject<HTMLDivElement | null>, count: number, narrow: boolean) {
  const [margin, setMargin] = useState(0)
  const virtual = count > VIRTUAL_FROM
  const scroller = () => document.getElementById('main')
  useLayoutEffect(() => {
    const main = scroller()
    if (!virtual || body.current === null || main === null) return
    const top = body.current.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop
    setMargin((held) => (Math.abs(held - top) > 1 ? top : held))
  })
  const compact = document.documentElement.dataset['density'] === 'compact'
  const virtualizer = useVirtualizer({
    count: virtual ? count : 0,
    getScrollElement: scroller,
    estimateSize: () => (narrow ? 76 : compact ? 31 : 41),
    overscan: 12,
    scrollMargin: margin,
  })
  const show = (index: number) => {
    if (virtual) virtualizer.scrollToIndex(index)
    else body.current?.children[index]?.scrollIntoView({ block: 'nearest' })
  }
  if (!virtual) return { items: undefined, height: undefined, offset: 0, measure: undefined, show }
  const items = virtualizer.getVirtualItems()
  return {
    items,
    height: virtualizer.getTotalSize(),
    offset: (items[0]?.start ?? 0) - margin,
    measure: virtualizer.measureElement,
    show,
  }
}
