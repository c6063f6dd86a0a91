import { Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react'
import { api } from '../../api/client.ts'
import { ApiError } from '../../api/types.ts'
import { t } from '../../messages/index.tsx'
import { applyCompletion, type Completion, completions, type Known, wordBefore } from './complete.ts'
import type { Target } from './rule-draft.ts'
import styles from './rules.module.css'

interface ExpressionFieldProps {
  label: string
  description: string
  value: string
  onChange: (value: string) => void
  signals: readonly Known[]
  target: Target
  required?: boolean
}

const PAUSE = 300

/** A field for an expression: completes signals and functions, and is checked by the platform while one types. */
export function ExpressionField({
  label,
  description,
  value,
  onChange,
  signals,
  target,
  required = false,
}: ExpressionFieldProps) {
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const wanted = useRef<number | undefined>(undefined)
  const [caret, setCaret] = useState(0)
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const word = wordBefore(value, caret)?.word ?? ''
  const offered = open ? completions(word, signals) : []

  useLayoutEffect(() => {
    if (wanted.current === undefined) return
    field.current?.setSelectionRange(wanted.current, wanted.current)
    setCaret(wanted.current)
    wanted.current = undefined
  })
  const take = (completion: Completion) => {
    const next = applyCompletion(value, caret, completion)
    wanted.current = next.caret
    onChange(next.text)
    setOpen(false)
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === ' ' && event.ctrlKey) setOpen(true)
    else if (offered.length === 0) return
    else if (event.key === 'ArrowDown') setActive((active + 1) % offered.length)
    else if (event.key === 'ArrowUp') setActive((active + offered.length - 1) % offered.length)
    else if (event.key === 'Enter' || event.key === 'Tab') take(offered[Math.min(active, offered.length - 1)]!)
    else if (event.key === 'Escape') setOpen(false)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className={styles.expression}>
      <Textarea
        ref={field}
        label={label}
        description={description}
        required={required}
        value={value}
        onChange={(event) => {
          onChange(event.target.value)
          setCaret(event.target.selectionStart)
          setOpen(true)
          setActive(0)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        maxLength={2000}
        autosize
        minRows={2}
        aria-controls={offered.length > 0 ? `${id}-list` : undefined}
        aria-autocomplete="list"
        aria-activedescendant={offered.length > 0 ? `${id}-${active}` : undefined}
        classNames={{ input: styles.code ?? '' }}
      />
      {offered.length > 0 && (
        <div role="listbox" id={`${id}-list`} aria-label={t('rules.completions')} className={styles.completions}>
          {offered.map((completion, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field itself has the focus and the keys
            <div
              key={completion.label}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              className={styles.completion}
              // The field would lose the focus, and the list would be gone before the click.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(completion)}
            >
              <code>{completion.label}</code>
              <span>{completion.detail}</span>
            </div>
          ))}
        </div>
      )}
      <Check condition={value} target={target} />
    </div>
  )
}

/** What the platform says of the expression, with the place of a mistake pointed at. */
function Check({ condition, target }: { condition: string; target: Target }) {
  const [asked] = useDebouncedValue(condition, PAUSE)
  const check = useQuery({
    queryKey: ['check', asked, target],
    queryFn: () => api.checkExpression({ body: { condition: asked, ...target } }),
    enabled: asked.trim() !== '',
    staleTime: 30_000,
    retry: false,
  })
  if (condition.trim() === '') return null
  const say = (kind: 'quiet' | 'wrong' | 'warn', text: string, more?: ReactNode) => (
    <div className={styles.check} data-kind={kind} role="status">
      {text}
      {more}
    </div>
  )
  if (asked !== condition || check.isPending) return say('quiet', t('rules.checking'))
  if (check.error !== null)
    return say('wrong', check.error instanceof ApiError ? check.error.problem.detail : t('common.unexpected'))
  const { ok, error, position, signals, unknown } = check.data
  if (!ok) {
    if (position === undefined) return say('wrong', t('rules.checkWrong', { error: error ?? '' }))
    return say(
      'wrong',
      t('rules.checkWrongAt', { error: error ?? '', position: position + 1 }),
      <Pointer text={condition} position={position} />,
    )
  }
  if (unknown.length > 0) return say('warn', t('rules.checkUnknown', { names: unknown.join(', ') }))
  return say(
    'quiet',
    signals.length === 0 ? t('rules.checkOkNone') : t('rules.checkOk', { signals: signals.join(', ') }),
  )
}

const AROUND = 34

/** The line around a mistake with a caret under it. */
function Pointer({ text, position }: { text: string; position: number }) {
  const flat = text.replaceAll('\n', ' ')
  const from = Math.max(0, position - AROUND)
  return (
    <pre className={styles.pointer} aria-hidden>
      {flat.slice(from, position + AROUND)}
      {'\n'}
      {' '.repeat(position - from)}^
    </pre>
  )
}
