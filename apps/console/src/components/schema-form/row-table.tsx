import { memo } from 'react'
import { t } from '../../messages/index.tsx'
import { useForm } from './context.ts'
import styles from './form.module.css'
import type { RowsProps } from './props.ts'
import { RowActions } from './row-actions.tsx'
import { fieldOf, isRequired, isValues, type Schema, titleOf } from './schema.ts'
import { pointerTo, withField } from './values.ts'

const COLUMNS = 6
const HEART = 4
const FLAT = new Set(['text', 'number', 'yes-no', 'choice', 'pick'])

/** The fields that a table shows as columns, and those that stand below the row; undefined: no table. */
export function columnsOf(items: Schema): { columns: string[]; below: string[] } | undefined {
  const field = fieldOf(items)
  if (field.kind !== 'object') return undefined
  const names = Object.keys(items.properties ?? {}).filter((name) => kindOf(items, name) !== 'literal')
  // A list of many fields within a row is the heart of it: that is no table.
  if (names.some((name) => isHeart(items.properties![name]!))) return undefined
  const flat = names.filter((name) => FLAT.has(kindOf(items, name)) && !isPaper(items.properties![name]!))
  // What is needed first, then as many of the others as there is room for, all in the schema's order.
  const chosen = [...flat].sort((a, b) => rank(items, a) - rank(items, b)).slice(0, COLUMNS)
  const columns = names.filter((name) => chosen.includes(name))
  return columns.length === 0 ? undefined : { columns, below: names.filter((name) => !columns.includes(name)) }
}

const kindOf = (items: Schema, name: string) => fieldOf(items.properties![name]!).kind

function isHeart(part: Schema): boolean {
  const field = fieldOf(part)
  return field.kind === 'rows' && Object.keys(field.items.properties ?? {}).length >= HEART
}

function isPaper(part: Schema): boolean {
  const field = fieldOf(part)
  return field.kind === 'text' && field.long
}

const rank = (items: Schema, name: string) => {
  const part = items.properties![name]!
  if (isRequired(items, name)) return 0
  return name === 'unit' || (fieldOf(part).kind === 'choice' && part.default !== undefined) ? 1 : 2
}

/** Rows of flat fields, edited in place; what is seldom needed opens below its row. */
export function RowTable({
  title,
  items,
  pointer,
  rows,
  open,
  onOpen,
  onChange,
  onDuplicate,
  onRemove,
  onUp,
}: RowsProps) {
  const { columns } = columnsOf(items)!
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={title}>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" title={items.properties![name]!.description}>
                {titleOf(items.properties![name]!, name)}
              </th>
            ))}
            <th scope="col">
              <span className="mw-hidden">{t('common.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ index, value }) => (
            <Row
              key={index}
              items={items}
              pointer={pointerTo(pointer, index)}
              index={index}
              value={value}
              opened={open === index}
              onOpen={onOpen}
              onChange={onChange}
              onDuplicate={onDuplicate}
              onRemove={onRemove}
              onUp={onUp}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps
  extends Pick<RowsProps, 'items' | 'pointer' | 'onOpen' | 'onChange' | 'onDuplicate' | 'onRemove' | 'onUp'> {
  index: number
  value: unknown
  opened: boolean
}

/** One row; while others are written in, it is not drawn again. */
const Row = memo(function Row({ items, pointer, index, value, opened, ...on }: RowProps) {
  const { FieldInput, Fields, faults } = useForm()
  const { columns, below } = columnsOf(items)!
  const held = isValues(value) ? value : {}
  const shown = opened || below.some((name) => faults.has(pointerTo(pointer, name)))
  return (
    <>
      <tr>
        {columns.map((name) => (
          <td key={name}>
            <FieldInput
              title={titleOf(items.properties![name]!, name)}
              field={fieldOf(items.properties![name]!)}
              required={isRequired(items, name)}
              pointer={pointerTo(pointer, name)}
              value={held[name]}
              onChange={(next) => on.onChange(index, withField(held, name, next))}
              cell={{ row: index + 1 }}
            />
          </td>
        ))}
        <td>
          <RowActions
            index={index}
            more={below.length > 0 ? { open: shown, toggle: () => on.onOpen(shown ? undefined : index) } : undefined}
            onDuplicate={on.onDuplicate}
            onRemove={on.onRemove}
            onUp={on.onUp}
          />
        </td>
      </tr>
      {shown && below.length > 0 && (
        <tr>
          <td colSpan={columns.length + 1} className={styles.below}>
            <Fields
              schema={partOf(items, below)}
              value={held}
              pointer={pointer}
              onChange={(next) => on.onChange(index, next)}
            />
          </td>
        </tr>
      )}
    </>
  )
})

const partOf = (items: Schema, names: readonly string[]): Schema => ({
  ...items,
  properties: Object.fromEntries(names.map((name) => [name, items.properties![name]!])),
})
