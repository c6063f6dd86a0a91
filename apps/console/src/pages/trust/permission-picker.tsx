import { Checkbox } from '@mantine/core'
import type { Permission } from '../../api/types.ts'
import { t } from '../../messages/index.tsx'
import styles from './trust.module.css'

interface PickerProps {
  offered: readonly Permission[]
  chosen: ReadonlySet<Permission>
  onChange: (chosen: ReadonlySet<Permission>) => void
}

/** Permissions to tick, each with what it lets one do. */
export function PermissionPicker({ offered, chosen, onChange }: PickerProps) {
  const toggle = (permission: Permission) => {
    const next = new Set(chosen)
    if (!next.delete(permission)) next.add(permission)
    onChange(next)
  }
  return (
    <fieldset className={styles.picker}>
      <legend>{t('trust.permissions')}</legend>
      {offered.map((permission) => (
        <Checkbox
          key={permission}
          size="xs"
          label={t(`permission.${permission}`)}
          description={permission}
          checked={chosen.has(permission)}
          onChange={() => toggle(permission)}
        />
      ))}
    </fieldset>
  )
}
