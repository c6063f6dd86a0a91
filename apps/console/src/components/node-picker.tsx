import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { treeQuery } from '../api/assets.ts'
import type { Asset } from '../api/types.ts'
import { DESCRIPTION_BELOW } from './field-order.ts'

interface NodePickerProps {
  label: string
  value: string | null
  onChange: (node: string | null) => void
  /** Which nodes may be chosen. */
  accept?: (node: Asset) => boolean
  description?: string
  placeholder?: string
  clearable?: boolean
  required?: boolean
  error?: string | undefined
  size?: 'xs' | 'sm'
  width?: number
  hideLabel?: boolean
  /** Beside fields whose descriptions stand below. */
  descriptionBelow?: boolean
}

/** Picks a node of the asset tree by typing any part of its path. */
export function NodePicker({
  accept,
  value,
  onChange,
  label,
  hideLabel = false,
  descriptionBelow = false,
  width,
  clearable = true,
  ...rest
}: NodePickerProps) {
  const { data } = useQuery(treeQuery)
  const options = useMemo(() => {
    const names = new Map(data?.map((node) => [node.id, node.name]))
    return (data ?? [])
      .filter((node) => accept?.(node) ?? true)
      .map((node) => ({ value: node.id, label: node.path.map((id) => names.get(id) ?? '…').join(' / ') }))
  }, [data, accept])
  return (
    <Select
      {...(hideLabel ? { 'aria-label': label } : { label })}
      data={options}
      value={value}
      onChange={onChange}
      searchable
      clearable={clearable}
      limit={100}
      {...(descriptionBelow ? { inputWrapperOrder: DESCRIPTION_BELOW } : {})}
      {...(width === undefined ? {} : { w: width, maw: '100%' })}
      {...rest}
    />
  )
}
