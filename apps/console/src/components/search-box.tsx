import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { t } from '../messages/index.tsx'
import { IconSearch } from './icons.ts'

interface SearchBoxProps {
  value: string
  onChange: (value: string) => void
  label: string
  width?: number | string
}

/** A search field that tells of its value when typing pauses. */
export function SearchBox({ value, onChange, label, width = 240 }: SearchBoxProps) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const report = useDebouncedCallback(onChange, 150)
  const change = (next: string) => {
    setText(next)
    report(next)
  }
  return (
    <TextInput
      type="search"
      size="xs"
      w={width}
      maw="100%"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => change(event.target.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={text !== '' && <CloseButton size="sm" aria-label={t('common.clear')} onClick={() => change('')} />}
    />
  )
}
