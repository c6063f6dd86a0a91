import { Group, NumberInput, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { signalsQuery, treeQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import type { Signal } from '../../api/types.ts'
import { fromLocalInput, toLocalInput } from '../../charts/local-input.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { NodePicker } from '../../components/node-picker.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'

const DAY = 86_400_000_000
const POWER = /^[kMG]?W(\.h)?$/
const TEMPERATURE = ['Cel', 'K', '[degF]']

interface Props {
  opened: boolean
  onClose: () => void
  onMade: (service: string) => void
}

/** Makes an energy service and lets it learn from its baseline. */
export function NewEnergy({ opened, onClose, onMade }: Props) {
  const queries = useQueryClient()
  const { timeZone } = useFormat()
  const [draft, setDraft] = useState(() => ({
    name: '',
    equipment: null as string | null,
    energy: null as string | null,
    production: null as string | null,
    temperature: null as string | null,
    price: 0.22 as number | string,
    currency: 'EUR',
    from: toLocalInput(Date.now() * 1000 - 30 * DAY, timeZone),
    to: toLocalInput(Date.now() * 1000, timeZone),
  }))
  const set = <K extends keyof typeof draft>(key: K, value: (typeof draft)[K]) =>
    setDraft((held) => ({ ...held, [key]: value }))
  const meters = useQuery({
    ...signalsQuery({ equipment: draft.equipment ?? '' }),
    enabled: opened && draft.equipment !== null,
  })
  const everywhere = useQuery({ ...signalsQuery({}), enabled: opened })
  const tree = useQuery({ ...treeQuery, enabled: opened })
  const place = new Map(tree.data?.map(({ id, name }) => [id, name]))
  const energies = (draft.equipment === null ? [] : (meters.data ?? [])).filter(({ unit }) => POWER.test(unit))
  const others = (fits: (signal: Signal) => boolean) =>
    (everywhere.data ?? [])
      .filter((signal) => signal.equipment !== null && fits(signal))
      .map(({ id, name, equipment }) => ({ value: id, label: `${place.get(equipment!) ?? ''} · ${name}` }))
  const from = fromLocalInput(draft.from, timeZone)
  const to = fromLocalInput(draft.to, timeZone)
  const make = async () => {
    const { name, equipment, energy, production, temperature, price, currency } = draft
    const settings = {
      energy: energy!,
      ...(production === null ? {} : { production }),
      ...(temperature === null ? {} : { temperature }),
      price: Number(price),
      currency,
      baselineUntil: new Date(to! / 1000).toISOString(),
      timeZone: timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    }
    const { id } = await api.createService({ body: { name, kind: 'energy', equipment: equipment!, settings } })
    await api.trainService({ params: { id }, body: { from: from! } })
    await queries.invalidateQueries({ queryKey: ['services'] })
    tell(t('energy.created', { name }), { target: id })
    onMade(id)
  }
  return (
    <FormDialog
      title={t('energy.newTitle')}
      opened={opened}
      onClose={onClose}
      action={t('energy.create')}
      ready={
        draft.name !== '' && draft.equipment !== null && draft.energy !== null && from !== undefined && to !== undefined
      }
      onSubmit={make}
    >
      <TextInput
        label={t('energy.name')}
        value={draft.name}
        onChange={(event) => set('name', event.currentTarget.value)}
        maxLength={80}
        required
      />
      <NodePicker
        label={t('energy.equipment')}
        value={draft.equipment}
        onChange={(equipment) => setDraft((held) => ({ ...held, equipment, energy: null }))}
        accept={({ level }) => level === 'equipment'}
        required
      />
      <Select
        label={t('energy.meter')}
        description={t('energy.meterHelp')}
        data={energies.map(({ name, unit }) => ({ value: name, label: `${name} (${unit})` }))}
        value={draft.energy}
        onChange={(value) => set('energy', value)}
        error={
          meters.data !== undefined && energies.length === 0 && draft.equipment !== null
            ? t('energy.noMeter')
            : undefined
        }
        required
      />
      <Select
        label={t('energy.production')}
        description={t('energy.productionHelp')}
        data={others(({ kind, unit }) => kind === 'number' && unit === '1')}
        value={draft.production}
        onChange={(value) => set('production', value)}
        searchable
        clearable
        limit={100}
      />
      <Select
        label={t('energy.temperature')}
        data={others(({ unit }) => TEMPERATURE.includes(unit))}
        value={draft.temperature}
        onChange={(value) => set('temperature', value)}
        searchable
        clearable
        limit={100}
      />
      <Group grow>
        <NumberInput
          label={t('energy.priceOf')}
          value={draft.price}
          onChange={(value) => set('price', value)}
          min={0}
          max={1000}
          decimalScale={4}
        />
        <TextInput
          label={t('energy.currency')}
          value={draft.currency}
          onChange={(event) => set('currency', event.currentTarget.value.toUpperCase())}
          maxLength={3}
        />
      </Group>
      <Group grow>
        <TextInput
          type="datetime-local"
          label={t('energy.baselineFrom')}
          value={draft.from}
          onChange={(event) => set('from', event.currentTarget.value)}
          required
        />
        <TextInput
          type="datetime-local"
          label={t('energy.baselineTo')}
          title={t('energy.baselineHelp')}
          value={draft.to}
          onChange={(event) => set('to', event.currentTarget.value)}
          required
        />
      </Group>
    </FormDialog>
  )
}
