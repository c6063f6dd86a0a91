import { t } from '../../messages/index.tsx'
import { DESCRIPTION_BELOW } from '../field-order.ts'
import { useForm } from './context.ts'
import type { FieldProps } from './props.ts'

/** Label, description, error and the like, as all of Mantine's inputs take them. */
export function useLook({ title, field, required, pointer, cell }: FieldProps) {
  const { faults, readOnly } = useForm()
  const fault = faults.get(pointer)
  return {
    ...(cell === undefined
      ? { label: title, ...(field.schema.description === undefined ? {} : { description: field.schema.description }) }
      : { 'aria-label': t('form.cellOf', { name: title, n: cell.row }), size: 'xs' as const }),
    ...(fault === undefined ? {} : { error: fault }),
    withAsterisk: required && cell === undefined,
    readOnly,
    inputWrapperOrder: DESCRIPTION_BELOW,
  }
}
