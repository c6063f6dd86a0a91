import { Group, NumberInput, Select, TextInput } from '@mantine/core'
import { RETENTION_CLASSES } from '@millwright/contracts/lists'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Signal } from '../../api/types.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { NodePicker } from '../../components/node-picker.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'

const SECOND = 1_000_000
const orNull = (value: string | number) => (value === '' ? null : Number(value))
const seconds = (value: number | null) => (value === null ? '' : value / SECOND)
const micros = (value: string | number) => (value === '' ? null : Math.round(Number(value) * SECOND))

/** What a person may set of a signal. Limits are in the signal's own unit, whatever units the viewer prefers. */
export function SignalDialog({ signal, onClose }: { signal: Signal | undefined; onClose: () => void }) {
  return signal === undefined ? null : <Form key={signal.id} signal={signal} onClose={onClose} />
}

function Form({ signal, onClose }: { signal: Signal; onClose: () => void }) {
  const queries = useQueryClient()
  const [unit, setUnit] = useState(signal.unit)
  const [description, setDescription] = useState(signal.description)
  const [equipment, setEquipment] = useState<string | null>(signal.equipment)
  const [min, setMin] = useState<string | number>(signal.min ?? '')
  const [max, setMax] = useState<string | number>(signal.max ?? '')
  const [maxRate, setMaxRate] = useState<string | number>(signal.maxRate ?? '')
  const [staleAfter, setStale] = useState<string | number>(seconds(signal.staleAfter))
  const [flatAfter, setFlat] = useState<string | number>(seconds(signal.flatAfter))
  const [retention, setRetention] = useState<Signal['retention']>(signal.retention)
  const numeric = signal.kind === 'number'
  const save = async () => {
    const body = {
      unit: unit.trim() || '1',
      description,
      equipment,
      min: orNull(min),
      max: orNull(max),
      maxRate: orNull(maxRate),
      staleAfter: micros(staleAfter),
      flatAfter: micros(flatAfter),
      retention,
    }
    const changed = await api.updateSignal({ params: { id: signal.id }, body, ifMatch: signal.version })
    await queries.invalidateQueries({ queryKey: ['signals'] })
    tell(t('signal.changed', { name: signal.name }), {
      target: signal.id,
      undo: async () => {
        const {
          unit: u,
          description: d,
          equipment: e,
          min: lo,
          max: hi,
          maxRate: r,
          staleAfter: s,
          flatAfter: f,
          retention: k,
        } = signal
        const old = {
          unit: u,
          description: d,
          equipment: e,
          min: lo,
          max: hi,
          maxRate: r,
          staleAfter: s,
          flatAfter: f,
          retention: k,
        }
        await api.updateSignal({ params: { id: signal.id }, body: old, ifMatch: changed.version })
        await queries.invalidateQueries({ queryKey: ['signals'] })
      },
    })
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t('signal.edit', { name: signal.name })}
      action={t('common.save')}
      onSubmit={save}
    >
      <TextInput
        label={t('signal.description')}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
        data-autofocus
      />
      <NodePicker label={t('signal.equipment')} value={equipment} onChange={setEquipment} />
      {(numeric || signal.kind === 'waveform') && (
        <TextInput
          label={t('signal.unit')}
          description={t('signal.unitHelp')}
          value={unit}
          onChange={(event) => setUnit(event.target.value)}
          maxLength={40}
        />
      )}
      {numeric && (
        <>
          <Group grow align="end">
            <NumberInput label={t('signal.min')} value={min} onChange={setMin} hideControls />
            <NumberInput label={t('signal.max')} value={max} onChange={setMax} hideControls />
            <NumberInput label={t('signal.maxRate')} value={maxRate} onChange={setMaxRate} min={0} hideControls />
          </Group>
          <NumberInput
            label={t('signal.flatAfter')}
            description={t('signal.flatHelp')}
            value={flatAfter}
            onChange={setFlat}
            min={0}
            hideControls
          />
        </>
      )}
      <NumberInput
        label={t('signal.staleAfter')}
        description={t('signal.staleHelp')}
        value={staleAfter}
        onChange={setStale}
        min={0}
        hideControls
      />
      <Select
        label={t('signal.retention')}
        data={RETENTION_CLASSES.map((value) => ({ value, label: t(`signal.retention.${value}`) }))}
        value={retention}
        onChange={(value) => value !== null && setRetention(value as Signal['retention'])}
        allowDeselect={false}
      />
    </FormDialog>
  )
}
