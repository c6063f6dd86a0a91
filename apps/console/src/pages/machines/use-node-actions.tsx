import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Asset } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { NodeDialog, type NodeTask } from './node-dialog.tsx'

/** What can be done to nodes, and the dialog it is done in. */
export function useNodeActions(onDeleted?: () => void) {
  const [task, setTask] = useState<NodeTask>()
  const queries = useQueryClient()
  const confirm = useConfirm()
  const remove = (node: Asset) =>
    confirm({
      title: t('machines.deleteNode', { name: node.name }),
      consequence: t('machines.deleteConsequence'),
      action: t('common.delete'),
      danger: true,
      run: async () => {
        await api.deleteAsset({ params: { id: node.id } })
        onDeleted?.()
        await queries.invalidateQueries({ queryKey: ['assets', 'tree'] })
        tell(t('machines.deleted', { name: node.name }), { target: node.id })
      },
    })
  return {
    add: (parent: Asset | undefined) => setTask({ kind: 'add', parent }),
    edit: (node: Asset) => setTask({ kind: 'edit', node }),
    move: (node: Asset) => setTask({ kind: 'move', node }),
    remove,
    dialog: <NodeDialog task={task} onClose={() => setTask(undefined)} />,
  }
}

export type NodeActions = ReturnType<typeof useNodeActions>
