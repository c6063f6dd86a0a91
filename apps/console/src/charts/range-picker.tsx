import { ActionIcon, Button, Group, Popover, Stack, TextInput, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import {
  IconChevronLeft,
  IconChevronRight,
  IconClock,
  IconPlayerTrackNext,
  IconZoomIn,
  IconZoomOut,
} from '../components/icons.ts'
import { t } from '../messages/index.tsx'
import { useFormat } from '../messages/use-format.ts'
import { fromLocalInput, toLocalInput } from './local-input.ts'
import styles from './range-picker.module.css'
import {
  DEFAULT_LAST,
  PRESETS,
  panBy,
  parseSpan,
  spanOf,
  spanText,
  type TimeRange,
  zoomBy,
  zoomTo,
} from './time-range.ts'
import { useRange } from './use-range.ts'

const nowMicros = () => Date.now() * 1000

/** The time range of all charts: presets that follow now, or from and to; zoom and move by buttons as well. */
export function RangePicker() {
  const [range, setRange] = useRange()
  const format = useFormat()
  const [open, popover] = useDisclosure()
  const label =
    range.kind === 'last'
      ? t('chart.last', { span: format.duration(range.span) })
      : `${format.dateShort(range.from)} – ${format.dateShort(range.to)}`
  const tool = (name: string, Icon: typeof IconZoomIn, next: () => TimeRange) => (
    <Tooltip label={name}>
      <ActionIcon aria-label={name} onClick={() => setRange(next())}>
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
  return (
    <div className={styles.bar} role="group" aria-label={t('chart.range')}>
      {tool(t('chart.earlier'), IconChevronLeft, () => panBy(range, -0.5, nowMicros()))}
      <Popover
        opened={open}
        onChange={popover.toggle}
        onDismiss={popover.close}
        position="bottom-end"
        trapFocus
        width={320}
        shadow="md"
      >
        <Popover.Target>
          <Button
            variant="default"
            size="xs"
            onClick={popover.toggle}
            leftSection={<IconClock size={16} aria-hidden />}
            aria-label={t('chart.rangeIs', { range: label })}
            aria-expanded={open}
          >
            {label}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="sm">
            <div className={styles.presets}>
              {PRESETS.map((preset) => (
                <Button
                  key={preset}
                  size="compact-sm"
                  variant={range.kind === 'last' && spanText(range.span) === preset ? 'light' : 'default'}
                  onClick={() => {
                    setRange({ kind: 'last', span: parseSpan(preset)! })
                    popover.close()
                  }}
                >
                  {format.duration(parseSpan(preset)!)}
                </Button>
              ))}
            </div>
            <FixedRange
              range={range}
              onApply={(next) => {
                setRange(next)
                popover.close()
              }}
            />
          </Stack>
        </Popover.Dropdown>
      </Popover>
      {tool(t('chart.later'), IconChevronRight, () => panBy(range, 0.5, nowMicros()))}
      {tool(t('chart.zoomIn'), IconZoomIn, () => zoomBy(range, 0.5, nowMicros()))}
      {tool(t('chart.zoomOut'), IconZoomOut, () => zoomBy(range, 2, nowMicros()))}
      {range.kind === 'fixed' &&
        tool(t('chart.follow'), IconPlayerTrackNext, () => ({ kind: 'last', span: parseSpan(DEFAULT_LAST)! }))}
    </div>
  )
}

function FixedRange({ range, onApply }: { range: TimeRange; onApply: (range: TimeRange) => void }) {
  const format = useFormat()
  const span = spanOf(range, nowMicros())
  const [from, setFrom] = useState(toLocalInput(span.from, format.timeZone))
  const [to, setTo] = useState(toLocalInput(span.to, format.timeZone))
  const start = fromLocalInput(from, format.timeZone)
  const end = fromLocalInput(to, format.timeZone)
  const right = start !== undefined && end !== undefined && end > start
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (right) onApply(zoomTo(start, end))
      }}
    >
      <Stack gap="xs">
        <TextInput
          size="xs"
          type="datetime-local"
          step={1}
          label={t('common.from')}
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <TextInput
          size="xs"
          type="datetime-local"
          step={1}
          label={t('common.to')}
          value={to}
          onChange={(event) => setTo(event.target.value)}
          error={start !== undefined && end !== undefined && !right ? t('chart.endBeforeStart') : undefined}
        />
        <Group justify="flex-end">
          <Button type="submit" size="xs" disabled={!right}>
            {t('common.apply')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
