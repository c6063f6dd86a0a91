import { Button, Menu } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../../api/client.ts'
import { connectionQuery } from '../../api/connections.ts'
import type { Connection } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { IconChevronDown } from '../../components/icons.ts'
import { tell, tellError } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'

/** Switching off is undone by switching on: that is offered, not asked. Deleting is asked with what it means. */
export function ConnectionActions({ connection, onEdit }: { connection: Connection; onEdit: () => void }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const confirm = useConfirm()
  const { id, name } = connection
  const switchTo = async (enabled: boolean, version: number): Promise<Connection> => {
    const changed = await api.updateConnection({ params: { id }, body: { enabled }, ifMatch: version })
    queries.setQueryData(connectionQuery(id).queryKey, changed)
    await queries.invalidateQueries({ queryKey: ['connections'] })
    return changed
  }
  const toggle = async () => {
    const enabled = !connection.enabled
    const changed = await switchTo(enabled, connection.version)
    tell(enabled ? t('connections.enabled', { name }) : t('connections.disabled', { name }), {
      target: id,
      undo: () => switchTo(!enabled, changed.version),
    })
  }
  const remove = () =>
    confirm({
      title: t('connections.removeTitle', { name }),
      consequence: t('connections.removeConsequence'),
      action: t('connections.remove'),
      danger: true,
      run: async () => {
        await api.deleteConnection({ params: { id } })
        await navigate({ to: '/data/connections' })
        queries.removeQueries({ queryKey: ['connections', 'one', id] })
        await queries.invalidateQueries({ queryKey: ['connections'] })
        tell(t('connections.removed', { name }), { target: id })
      },
    })
  return (
    <>
      <Button variant={connection.enabled ? 'default' : 'filled'} onClick={() => void toggle().catch(tellError)}>
        {connection.enabled ? t('connections.disable') : t('connections.enable')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            {t('common.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onEdit}>{t('common.edit')}</Menu.Item>
          <Menu.Item color="red" onClick={remove}>
            {t('connections.remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
