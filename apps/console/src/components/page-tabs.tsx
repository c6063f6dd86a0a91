import { Tabs } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useShown } from './use-shown.ts'

export interface PageTab {
  /** As the address bar holds it. */
  readonly value: string
  readonly label: string
  /** Behind the label: how many, for instance. */
  readonly mark?: ReactNode
  readonly content: ReactNode
}

/** The tabs of a page of one thing; the address bar holds the chosen one. The first is shown when it names none. */
export function PageTabs({ label, chosen, tabs }: { label: string; chosen: string | undefined; tabs: PageTab[] }) {
  const navigate = useNavigate()
  const first = tabs[0]?.value
  const shown = tabs.some(({ value }) => value === chosen) ? chosen : first
  const row = useShown<HTMLDivElement>(shown ?? '')
  const show = (next: string | null) =>
    void navigate({
      to: '.',
      search: ((held: object) => ({ ...held, tab: next === first ? undefined : next })) as never,
      replace: true,
    })
  return (
    <Tabs value={shown ?? null} onChange={show} keepMounted={false}>
      <Tabs.List ref={row} aria-label={label}>
        {tabs.map(({ value, label, mark }) => (
          <Tabs.Tab key={value} value={value} rightSection={mark}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, content }) => (
        <Tabs.Panel key={value} value={value} pt="md">
          {shown === value && content}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
