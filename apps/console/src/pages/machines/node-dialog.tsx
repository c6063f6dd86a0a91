import { Group, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { classesQuery, treeQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import type { Asset, Level } from '../../api/types.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { NodePicker } from '../../components/node-picker.tsx'
import { fromLines, toLines } from '../../components/notation.ts'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { levelsBelow } from './tree-model.ts'

/** What the dialog is opened for. */
export type NodeTask =
  | { readonly kind: 'add'; readonly parent: Asset | undefined }
  | { readonly kind: 'edit'; readonly node: Asset }
  | { readonly kind: 'move'; readonly node: Asset }

/** Adds, edits or moves a node of the asset tree. */
export function NodeDialog({ task, onClose }: { task: NodeTask | undefined; onClose: () => void }) {
  if (task === undefined) return null
  if (task.kind === 'move') return <MoveDialog node={task.node} onClose={onClose} />
  return <DetailsDialog key={task.kind === 'edit' ? task.node.id : task.parent?.id} task={task} onClose={onClose} />
}

type Details = Exclude<NodeTask, { kind: 'move' }>

function DetailsDialog({ task, onClose }: { task: Details; onClose: () => void }) {
  const queries = useQueryClient()
  const classes = useQuery(classesQuery)
  const node = task.kind === 'edit' ? task.node : undefined
  const parent = task.kind === 'add' ? task.parent : undefined
  const levels = levelsBelow(parent?.level)
  const [level, setLevel] = useState<Level>(node?.level ?? (parent === undefined ? 'site' : levels[0]!))
  const [name, setName] = useState(node?.name ?? '')
  const [description, setDescription] = useState(node?.description ?? '')
  const [equipmentClass, setClass] = useState<string | null>(node?.equipmentClass ?? null)
  const [metadata, setMetadata] = useState(toLines(node?.metadata ?? {}))
  const [latitude, setLatitude] = useState<string | number>(node?.position?.latitude ?? '')
  const [longitude, setLongitude] = useState<string | number>(node?.position?.longitude ?? '')
  const lines = fromLines(metadata)
  const position =
    typeof latitude === 'number' && typeof longitude === 'number'
      ? { ...(node?.position?.altitude === undefined ? {} : { altitude: node.position.altitude }), latitude, longitude }
      : null

  const save = async () => {
    const body = { name: name.trim(), description, equipmentClass, metadata: lines.pairs, position }
    if (node === undefined) {
      const made = await api.createAsset({ body: { ...body, level, parent: parent?.id ?? null } })
      tell(t('machines.created', { name: made.name }), { target: made.id })
    } else {
      const { name: was, description: text, equipmentClass: kind, metadata: pairs, position: place } = node
      const changed = await api.updateAsset({ params: { id: node.id }, body, ifMatch: node.version })
      tell(t('machines.updated', { name: changed.name }), {
        target: node.id,
        undo: async () => {
          const old = { name: was, description: text, equipmentClass: kind, metadata: pairs, position: place }
          await api.updateAsset({ params: { id: node.id }, body: old, ifMatch: changed.version })
          await queries.invalidateQueries({ queryKey: ['assets'] })
        },
      })
    }
    await queries.invalidateQueries({ queryKey: ['assets'] })
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={
        node !== undefined
          ? t('machines.editNode', { name: node.name })
          : parent !== undefined
            ? t('machines.addBelow', { name: parent.name })
            : t('machines.add')
      }
      action={node === undefined ? t('common.add') : t('common.save')}
      ready={name.trim() !== '' && lines.wrong === undefined && (latitude === '') === (longitude === '')}
      onSubmit={save}
    >
      {node === undefined && (
        <Select
          label={t('machines.level')}
          data={levels.map((one) => ({ value: one, label: t(`level.${one}`) }))}
          value={level}
          onChange={(value) => value !== null && setLevel(value as Level)}
          allowDeselect={false}
        />
      )}
      <TextInput
        label={t('common.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={120}
        required
        data-autofocus
      />
      <TextInput
        label={t('common.description')}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      {level === 'equipment' && (
        <Select
          label={t('machines.equipmentClass')}
          data={(classes.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
          value={equipmentClass}
          onChange={setClass}
          placeholder={t('machines.noClass')}
          searchable
          clearable
        />
      )}
      <Group grow>
        <NumberInput
          label={t('machines.latitude')}
          value={latitude}
          onChange={setLatitude}
          min={-90}
          max={90}
          decimalScale={7}
          hideControls
        />
        <NumberInput
          label={t('machines.longitude')}
          value={longitude}
          onChange={setLongitude}
          min={-180}
          max={180}
          decimalScale={7}
          hideControls
        />
      </Group>
      <Textarea
        label={t('machines.metadata')}
        description={t('machines.metadataHelp')}
        value={metadata}
        onChange={(event) => setMetadata(event.target.value)}
        error={lines.wrong === undefined ? undefined : t('machines.metadataWrong', { line: lines.wrong })}
        autosize
        minRows={2}
        maxRows={8}
      />
    </FormDialog>
  )
}

function MoveDialog({ node, onClose }: { node: Asset; onClose: () => void }) {
  const queries = useQueryClient()
  const { data: tree } = useQuery(treeQuery)
  const [parent, setParent] = useState<string | null>(node.parent)
  const save = async () => {
    const moved = await api.updateAsset({ params: { id: node.id }, body: { parent }, ifMatch: node.version })
    const name = tree?.find((one) => one.id === parent)?.name ?? t('machines.noParent')
    tell(t('machines.moved', { name: node.name, parent: name }), {
      target: node.id,
      undo: async () => {
        await api.updateAsset({ params: { id: node.id }, body: { parent: node.parent }, ifMatch: moved.version })
        await queries.invalidateQueries({ queryKey: ['assets'] })
      },
    })
    await queries.invalidateQueries({ queryKey: ['assets'] })
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={t('machines.moveNode', { name: node.name })}
      action={t('machines.move')}
      ready={parent !== node.parent}
      onSubmit={save}
    >
      <NodePicker
        label={t('machines.parent')}
        value={parent}
        onChange={setParent}
        placeholder={t('machines.noParent')}
        accept={(one) => !one.path.includes(node.id) && levelsBelow(one.level).includes(node.level)}
      />
    </FormDialog>
  )
}
