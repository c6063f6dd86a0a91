import { Checkbox, MultiSelect, NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../messages/index.tsx'
import { parseJson } from '../parse-json.ts'
import { GroupField } from './group-field.tsx'
import { PickField } from './pick-field.tsx'
import type { FieldProps, PropsOf } from './props.ts'
import { RowsField } from './rows-field.tsx'
import { SecretField } from './secret-field.tsx'
import { TextsField } from './texts-field.tsx'
import { useLook } from './use-look.ts'

/** One field of a form, as its schema asks for it. */
export function FieldInput(props: FieldProps) {
  const { field } = props
  switch (field.kind) {
    case 'text':
      return field.secret ? <SecretField {...props} field={field} /> : <TextField {...props} field={field} />
    case 'number':
      return <NumberField {...props} field={field} />
    case 'yes-no':
      return <YesNoField {...props} field={field} />
    case 'choice':
      return <ChoiceField {...props} field={field} />
    case 'words':
      return <WordsField {...props} field={field} />
    case 'texts':
      return <TextsField {...props} field={field} />
    case 'object':
    case 'branches':
      return <GroupField {...props} field={field} />
    case 'pick':
      return <PickField {...props} field={field} />
    case 'rows':
      return <RowsField {...props} field={field} />
    case 'json':
      return <JsonField {...props} field={field} />
    case 'literal':
      return null
  }
}

const shownDefault = (value: unknown): string => (value === undefined || typeof value === 'object' ? '' : String(value))

function TextField(props: PropsOf<'text'>) {
  const look = useLook(props)
  const { field, value, onChange } = props
  const shared = {
    ...look,
    value: typeof value === 'string' ? value : '',
    placeholder: shownDefault(field.schema.default),
    spellCheck: false,
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value || undefined),
  }
  if (!field.long) return <TextInput {...shared} />
  return (
    <Textarea
      {...shared}
      autosize
      minRows={2}
      maxRows={10}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  )
}

function NumberField(props: PropsOf<'number'>) {
  const look = useLook(props)
  const { field, value, onChange } = props
  return (
    <NumberInput
      {...look}
      value={typeof value === 'number' ? value : ''}
      placeholder={shownDefault(field.schema.default)}
      allowDecimal={!field.whole}
      clampBehavior="none"
      hideControls={props.cell !== undefined}
      {...(field.schema.minimum === undefined ? {} : { min: field.schema.minimum })}
      {...(field.schema.maximum === undefined ? {} : { max: field.schema.maximum })}
      onChange={(next) => onChange(next === '' || Number.isNaN(Number(next)) ? undefined : Number(next))}
    />
  )
}

function YesNoField(props: PropsOf<'yes-no'>) {
  const { withAsterisk: _, inputWrapperOrder: __, readOnly, ...look } = useLook(props)
  const { field, value, onChange } = props
  return (
    <Checkbox
      {...look}
      mt={props.cell === undefined ? 'md' : 6}
      checked={value === undefined ? field.schema.default === true : value === true}
      disabled={readOnly}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}

function ChoiceField(props: PropsOf<'choice'>) {
  const look = useLook(props)
  const { field, value, required, onChange } = props
  const held = value ?? field.schema.default
  return (
    <Select
      {...look}
      data={field.options.map(String)}
      value={held === undefined ? null : String(held)}
      placeholder={t('form.optional')}
      clearable={!required && field.schema.default === undefined}
      allowDeselect={!required}
      searchable={field.options.length > 8}
      onChange={(next) => onChange(field.options.find((one) => String(one) === next))}
    />
  )
}

function WordsField(props: PropsOf<'words'>) {
  const look = useLook(props)
  const [wrong, setWrong] = useState<string>()
  const { field, value, onChange } = props
  const items = field.items
  const numbers = items.type === 'integer' || items.type === 'number'
  const held = (Array.isArray(value) ? value : Array.isArray(field.schema.default) ? field.schema.default : []).map(
    String,
  )
  if (items.enum !== undefined) {
    const options = items.enum
    return (
      <MultiSelect
        {...look}
        data={options.map(String)}
        value={held}
        onChange={(next) => onChange(options.filter((one) => next.includes(String(one))))}
      />
    )
  }
  return (
    <TagsInput
      {...look}
      {...(wrong === undefined ? {} : { error: t('form.notANumber', { text: wrong }) })}
      value={held}
      onChange={(next) => {
        const text = numbers ? next.find((one) => Number.isNaN(Number(one))) : undefined
        setWrong(text)
        if (text === undefined) onChange(numbers ? next.map(Number) : next)
      }}
      acceptValueOnBlur
    />
  )
}

function JsonField(props: PropsOf<'json'>) {
  const look = useLook(props)
  const { value, onChange } = props
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2))
  const parsed = parseJson(text)
  return (
    <Textarea
      {...look}
      description={props.field.schema.description ?? t('form.jsonHelp')}
      {...(parsed.error === undefined ? {} : { error: t('form.jsonWrong', { reason: parsed.error }) })}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        const next = parseJson(event.currentTarget.value)
        if (next.error === undefined) onChange(next.value)
      }}
      autosize
      minRows={2}
      maxRows={16}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  )
}
