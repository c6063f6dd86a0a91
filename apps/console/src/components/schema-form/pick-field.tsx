import { MultiSelect, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { signalsQuery, treeQuery } from '../../api/assets.ts'
import type { Signal } from '../../api/types.ts'
import { useLatest, useLiveSignals } from '../../live/use-latest.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { useValueText } from '../value.tsx'
import { useForm } from './context.ts'
import styles from './form.module.css'
import type { PropsOf } from './props.ts'
import { useLook } from './use-look.ts'

type Props = PropsOf<'pick'>

/** A choice from what the platform knows, with what it measures now: signals of the equipment, nodes of the tree. */
export function PickField(props: Props) {
  const { what } = props.field
  return what === 'node' ? <NodePick {...props} /> : <SignalPick {...props} />
}

const NONE: readonly Signal[] = []
const MOST_LIVE = 200

function SignalPick(props: Props) {
  const { equipment } = useForm()
  const format = useFormat()
  const text = useValueText()
  const [query, setQuery] = useState('')
  const anywhere = props.field.what === 'any-signal'
  const own = useQuery({ ...signalsQuery({ equipment: equipment ?? '' }), enabled: equipment !== undefined })
  const found = useQuery({ ...signalsQuery({ q: query }), enabled: anywhere && query.length >= 2 })
  const signals = own.data ?? NONE
  useLiveSignals(signals.slice(0, MOST_LIVE), 1)
  const known = useMemo(() => {
    const held = new Map(signals.map((signal) => [signal.name, signal]))
    for (const signal of found.data ?? []) if (signal.equipment !== equipment) held.set(signal.id, signal)
    return held
  }, [signals, found.data, equipment])
  const data = [
    ...signals.filter(({ kind }) => kind !== 'document').map(({ name }) => ({ value: name, label: name })),
    ...(found.data ?? [])
      .filter((signal) => signal.equipment !== equipment)
      .map(({ id, name, equipmentName }) => ({
        value: id,
        label: equipmentName == null ? name : `${name} · ${equipmentName}`,
      })),
  ]
  return (
    <Pick
      {...props}
      data={data}
      {...(anywhere ? { onSearch: setQuery } : {})}
      detail={(value) => {
        const signal = known.get(value)
        if (signal === undefined) return undefined
        return signal.kind === 'number' || signal.kind === 'boolean' || signal.kind === 'state' ? (
          <Now signal={signal} text={text} unit={signal.kind === 'number' ? format.unit(signal.unit) : ''} />
        ) : (
          t(`kind.${signal.kind}`)
        )
      }}
    />
  )
}

/** What it measures now: one chooses a signal by its value as often as by its name. */
function Now({ signal, text, unit }: { signal: Signal; text: ReturnType<typeof useValueText>; unit: string }) {
  const value = useLatest(signal.id)
  if (value?.time == null) return t('machine.noReading')
  return `${text(signal, value.value, value.whole)} ${unit}`.trim()
}

function NodePick(props: Props) {
  const tree = useQuery(treeQuery)
  const data = useMemo(() => {
    const names = new Map(tree.data?.map((node) => [node.id, node.name]))
    return (tree.data ?? [])
      .filter(({ level }) => level === 'equipment')
      .map((node) => ({ value: node.id, label: node.path.map((id) => names.get(id) ?? '…').join(' / ') }))
  }, [tree.data])
  return <Pick {...props} data={data} />
}

interface PickProps extends Props {
  data: { value: string; label: string }[]
  onSearch?: (query: string) => void
  detail?: (value: string) => ReactNode
}

function Pick({ field, value, onChange, required, data, detail, onSearch, ...rest }: PickProps) {
  const look = useLook({ field, value, onChange, required, ...rest })
  const held = (Array.isArray(value) ? value : typeof value === 'string' && value !== '' ? [value] : []).map(String)
  // What was chosen and is gone since still stands there, to be taken out.
  const options = [
    ...data,
    ...held.filter((one) => !data.some((other) => other.value === one)).map((one) => ({ value: one, label: one })),
  ]
  const shared = {
    ...look,
    data: options,
    searchable: true,
    limit: 200,
    nothingFoundMessage: t('form.nothingFound'),
    ...(onSearch === undefined ? {} : { onSearchChange: onSearch }),
    ...(detail === undefined
      ? {}
      : {
          renderOption: ({ option }: { option: { value: string; label: string } }) => (
            <span className={styles.option}>
              <span>{option.label}</span>
              <span className={styles.now}>{detail(option.value)}</span>
            </span>
          ),
        }),
  }
  return field.many ? (
    <MultiSelect
      {...shared}
      value={held}
      placeholder={held.length === 0 ? t('form.chooseSome') : ''}
      {...(field.schema.maxItems === undefined ? {} : { maxValues: field.schema.maxItems })}
      onChange={(next) => onChange(next)}
    />
  ) : (
    <Select
      {...shared}
      value={held[0] ?? null}
      placeholder={required ? t('form.choose') : t('form.optional')}
      clearable={!required}
      onChange={(next) => onChange(next ?? undefined)}
    />
  )
}
