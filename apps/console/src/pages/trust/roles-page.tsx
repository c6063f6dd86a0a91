import { ActionIcon, Button, TextInput } from '@mantine/core'
import { PERMISSIONS } from '@millwright/contracts/lists'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useCan } from '../../api/session.ts'
import { rolesQuery } from '../../api/trust.ts'
import type { Permission, Role } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { IconCheck, IconEdit, IconMinus, IconPlus, IconTrash } from '../../components/icons.ts'
import { Page, Panel } from '../../components/page.tsx'
import { Loaded } from '../../components/states.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { TrustNav } from './nav.tsx'
import { PermissionPicker } from './permission-picker.tsx'
import styles from './trust.module.css'

/** Roles as a matrix: who may do what. */
export function RolesPage() {
  const can = useCan()
  const roles = useQuery(rolesQuery)
  const [editing, setEditing] = useState<Role | 'new'>()
  const writes = can('role:write')
  return (
    <Page
      title={t('trust.title')}
      answer={t('trust.rolesAnswer')}
      tabs={<TrustNav />}
      actions={
        writes && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing('new')}>
            {t('trust.addRole')}
          </Button>
        )
      }
    >
      <Loaded query={roles}>
        {(data) => (
          <Panel flush>
            <div className={styles.scroll}>
              <table className={styles.matrix} aria-label={t('trust.rolesLabel')}>
                <thead>
                  <tr>
                    <th scope="col">{t('trust.permission')}</th>
                    {data.map((role) => (
                      <th key={role.id} scope="col" title={role.description}>
                        <RoleHead role={role} writes={writes} onEdit={() => setEditing(role)} />
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {PERMISSIONS.map((permission) => (
                    <tr key={permission}>
                      <th scope="row">
                        {t(`permission.${permission}`)}
                        <span className={styles.code}>{permission}</span>
                      </th>
                      {data.map((role) => (
                        <td key={role.id}>
                          <Cell has={role.permissions.includes(permission)} />
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Panel>
        )}
      </Loaded>
      {editing !== undefined && (
        <RoleDialog role={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </Page>
  )
}

function Cell({ has }: { has: boolean }) {
  return (
    <>
      {has ? <IconCheck size={18} aria-hidden /> : <IconMinus size={16} className={styles.no} aria-hidden />}
      <span className="mw-hidden">{has ? t('common.yes') : t('common.no')}</span>
    </>
  )
}

function RoleHead({ role, writes, onEdit }: { role: Role; writes: boolean; onEdit: () => void }) {
  const queries = useQueryClient()
  const confirm = useConfirm()
  const remove = () =>
    confirm({
      title: t('trust.deleteRoleTitle', { name: role.name }),
      consequence: t('trust.deleteRoleConsequence'),
      action: t('common.delete'),
      danger: true,
      run: async () => {
        await api.deleteRole({ params: { id: role.id } })
        await queries.invalidateQueries({ queryKey: ['roles'] })
        tell(t('trust.roleDeleted', { name: role.name }), { target: role.id })
      },
    })
  return (
    <span className={styles.roleHead}>
      {role.name}
      {role.builtIn ? (
        <small>{t('trust.builtIn')}</small>
      ) : (
        writes && (
          <span>
            <ActionIcon size="sm" aria-label={t('trust.editRole', { name: role.name })} onClick={onEdit}>
              <IconEdit size={14} aria-hidden />
            </ActionIcon>
            <ActionIcon size="sm" aria-label={t('trust.deleteRole', { name: role.name })} onClick={remove}>
              <IconTrash size={14} aria-hidden />
            </ActionIcon>
          </span>
        )
      )}
    </span>
  )
}

function RoleDialog({ role, onClose }: { role: Role | undefined; onClose: () => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState(role?.name ?? '')
  const [description, setDescription] = useState(role?.description ?? '')
  const [chosen, setChosen] = useState<ReadonlySet<Permission>>(new Set(role?.permissions))
  const save = async () => {
    const body = { name: name.trim(), description, permissions: [...chosen] }
    const saved =
      role === undefined
        ? await api.createRole({ body })
        : await api.updateRole({ params: { id: role.id }, body, ifMatch: role.version })
    await queries.invalidateQueries({ queryKey: ['roles'] })
    tell(t('trust.roleSaved', { name: saved.name }), { target: saved.id })
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      size="xl"
      title={role === undefined ? t('trust.addRole') : t('trust.editRole', { name: role.name })}
      action={t('common.save')}
      ready={name.trim() !== ''}
      onSubmit={save}
    >
      <TextInput
        label={t('trust.name')}
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
      <PermissionPicker offered={PERMISSIONS} chosen={chosen} onChange={setChosen} />
    </FormDialog>
  )
}
