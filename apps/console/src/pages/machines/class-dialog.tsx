import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { SIGNAL_KINDS } from '@millwright/contracts/lists'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { EquipmentClass, SignalKind } from '../../api/types.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { IconPlus, IconTrash } from '../../components/icons.ts'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import styles from './class-dialog.module.css'

interface Draft {
  readonly key: number
  readonly name: string
  readonly kind: SignalKind
  readonly unit: string
  readonly min: number | string
  readonly max: number | string
  readonly description: string | undefined
}

let nextKey = 1
const drafts = (existing: EquipmentClass | undefined): Draft[] =>
  (existing?.signals ?? []).map((signal) => ({
    key: nextKey++,
    name: signal.name,
    kind: signal.kind,
    unit: signal.unit,
    min: signal.min ?? '',
    max: signal.max ?? '',
    description: signal.description,
  }))

/** Makes or changes an equipment class: its name and the signals its machines are expected to have. */
export function ClassDialog({
  existing,
  opened,
  onClose,
}: {
  existing: EquipmentClass | undefined
  opened: boolean
  onClose: () => void
}) {
  const queries = useQueryClient()
  const [name, setName] = useState(existing?.name ?? '')
  const [description, setDescription] = useState(existing?.description ?? '')
  const [signals, setSignals] = useState<readonly Draft[]>(() => drafts(existing))
  const change = (key: number, part: Partial<Draft>) =>
    setSignals(signals.map((one) => (one.key === key ? { ...one, ...part } : one)))
  const add = () =>
    setSignals([
      ...signals,
      { key: nextKey++, name: '', kind: 'number', unit: '1', min: '', max: '', description: undefined },
    ])
  const names = signals.map((one) => one.name.trim())
  const ready = name.trim() !== '' && names.every((one) => one !== '') && new Set(names).size === names.length
  const save = async () => {
    const body = {
      name: name.trim(),
      description,
      signals: signals.map((one) => ({
        name: one.name.trim(),
        kind: one.kind,
        unit: one.unit.trim() || '1',
        ...(one.description === undefined ? {} : { description: one.description }),
        ...(one.min === '' ? {} : { min: Number(one.min) }),
        ...(one.max === '' ? {} : { max: Number(one.max) }),
      })),
    }
    const saved =
      existing === undefined
        ? await api.createClass({ body })
        : await api.updateClass({ params: { id: existing.id }, body, ifMatch: existing.version })
    await queries.invalidateQueries({ queryKey: ['classes'] })
    tell(t('classes.saved', { name: saved.name }), { target: saved.id })
  }
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      size="xl"
      title={existing === undefined ? t('classes.add') : t('classes.edit', { name: existing.name })}
      action={existing === undefined ? t('common.add') : t('common.save')}
      ready={ready}
      onSubmit={save}
    >
      <TextInput
        label={t('common.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        required
        maxLength={120}
        data-autofocus
      />
      <TextInput
        label={t('common.description')}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <fieldset className={styles.signals}>
        <legend>{t('classes.signals')}</legend>
        {signals.map((one) => (
          <div key={one.key} className={styles.signal}>
            <TextInput
              size="xs"
              aria-label={t('classes.signalName')}
              placeholder={t('classes.signalName')}
              value={one.name}
              onChange={(event) => change(one.key, { name: event.target.value })}
            />
            <Select
              size="xs"
              aria-label={t('classes.kind')}
              data={SIGNAL_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
              value={one.kind}
              onChange={(value) => value !== null && change(one.key, { kind: value as SignalKind })}
              allowDeselect={false}
            />
            <TextInput
              size="xs"
              aria-label={t('classes.unit')}
              placeholder={t('classes.unit')}
              value={one.unit}
              onChange={(event) => change(one.key, { unit: event.target.value })}
            />
            <NumberInput
              size="xs"
              aria-label={t('classes.min')}
              placeholder={t('classes.min')}
              value={one.min}
              onChange={(value) => change(one.key, { min: value })}
              hideControls
              disabled={one.kind !== 'number'}
            />
            <NumberInput
              size="xs"
              aria-label={t('classes.max')}
              placeholder={t('classes.max')}
              value={one.max}
              onChange={(value) => change(one.key, { max: value })}
              hideControls
              disabled={one.kind !== 'number'}
            />
            <ActionIcon
              aria-label={t('classes.removeSignal', { name: one.name })}
              onClick={() => setSignals(signals.filter((other) => other.key !== one.key))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
          {t('classes.addSignal')}
        </Button>
      </fieldset>
    </FormDialog>
  )
}
