import type { EChartsOption } from 'echarts'
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { type EChartsType, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

use([BarChart, LineChart, ScatterChart, GridComponent, TooltipComponent, SVGRenderer])

/** A chart of ECharts in the console's own type and colours; only the modules above are in the bundle. */
export function EChart({ option, height, label }: { option: EChartsOption; height: number; label: string }) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(undefined)
  useEffect(() => {
    const made = init(box.current!, null, { renderer: 'svg' })
    chart.current = made
    const watch = new ResizeObserver(() => made.resize())
    watch.observe(box.current!)
    return () => {
      watch.disconnect()
      made.dispose()
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption(
      { animation: false, textStyle: { fontFamily: 'Inter Variable, sans-serif' }, ...option },
      true,
    )
  }, [option])
  return <div ref={box} style={{ height }} role="img" aria-label={label} />
}

/** The value of a token of the palette, as the page has it now. */
export const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--mw-${name}`).trim()
