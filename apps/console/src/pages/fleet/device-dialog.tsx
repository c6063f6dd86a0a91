import { Checkbox, Select, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Device } from '../../api/types.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { NodePicker } from '../../components/node-picker.tsx'
import { fromLines, toLines } from '../../components/notation.ts'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'

interface DeviceDialogProps {
  /** Undefined: a new device. */
  device: Device | undefined
  equipment?: string | undefined
  opened: boolean
  onClose: () => void
  onSaved?: (device: Device) => void
}

/** Announces a device, or changes one. */
export function DeviceDialog(props: DeviceDialogProps) {
  return props.opened ? <Form key={props.device?.id ?? 'new'} {...props} /> : null
}

function Form({ device, equipment: first, onClose, onSaved }: DeviceDialogProps) {
  const queries = useQueryClient()
  const [name, setName] = useState(device?.name ?? '')
  const [equipment, setEquipment] = useState<string | null>(device?.equipment ?? first ?? null)
  const [gateway, setGateway] = useState(device?.gateway ?? false)
  const [simulated, setSimulated] = useState(device?.simulated ?? false)
  const [unknownMetrics, setUnknown] = useState<Device['unknownMetrics']>(device?.unknownMetrics ?? 'create')
  const [metadata, setMetadata] = useState(toLines(device?.metadata ?? {}))
  const lines = fromLines(metadata)
  const save = async () => {
    const body = { name: name.trim(), equipment, gateway, simulated, unknownMetrics, metadata: lines.pairs }
    const saved =
      device === undefined
        ? await api.createDevice({ body })
        : await api.updateDevice({ params: { id: device.id }, body, ifMatch: device.version })
    await queries.invalidateQueries({ queryKey: ['devices'] })
    tell(device === undefined ? t('fleet.created', { name: saved.name }) : t('fleet.updated', { name: saved.name }), {
      target: saved.id,
    })
    onSaved?.(saved)
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={device === undefined ? t('fleet.add') : t('fleet.editTitle', { name: device.name })}
      action={device === undefined ? t('fleet.add') : t('common.save')}
      ready={name.trim() !== '' && lines.wrong === undefined}
      onSubmit={save}
    >
      <TextInput
        label={t('common.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={120}
        required
        data-autofocus
      />
      <NodePicker
        label={t('fleet.equipment')}
        description={t('fleet.equipmentHelp')}
        value={equipment}
        onChange={setEquipment}
      />
      <Select
        label={t('fleet.unknownMetrics')}
        data={(['create', 'refuse'] as const).map((value) => ({ value, label: t(`fleet.unknown.${value}`) }))}
        value={unknownMetrics}
        onChange={(value) => setUnknown(value === 'refuse' ? 'refuse' : 'create')}
        allowDeselect={false}
      />
      <Checkbox
        label={t('fleet.gateway')}
        description={t('fleet.gatewayHelp')}
        checked={gateway}
        onChange={(event) => setGateway(event.target.checked)}
      />
      <Checkbox
        label={t('fleet.simulated')}
        checked={simulated}
        onChange={(event) => setSimulated(event.target.checked)}
      />
      <Textarea
        label={t('fleet.metadata')}
        description={t('machines.metadataHelp')}
        value={metadata}
        onChange={(event) => setMetadata(event.target.value)}
        error={lines.wrong === undefined ? undefined : t('machines.metadataWrong', { line: lines.wrong })}
        autosize
        minRows={2}
      />
    </FormDialog>
  )
}
