import { Button, Group, TextInput } from '@mantine/core'
import { VERDICTS } from '@millwright/contracts/lists'
import { useState } from 'react'
import type { Episode } from '../../api/types.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './models.module.css'
import { useFeedback } from './use-feedback.ts'

/** Was it right, and what was it: the answer is what the next training learns from. */
export function Feedback({ episode, readOnly }: { episode: Episode; readOnly: boolean }) {
  const format = useFormat()
  const { say } = useFeedback(episode.service)
  const { label } = episode
  const [what, setWhat] = useState(label?.what ?? '')
  const said = label && (
    <p className={styles.note}>
      {t('models.saidBy', { by: label.by, at: format.dateTime(label.at) })}
      {readOnly && ` ${t(`models.verdict.${label.verdict}`)}${label.what === '' ? '' : `: ${label.what}`}`}
    </p>
  )
  if (readOnly) return said
  return (
    <section className={styles.feedback} aria-label={t('models.feedback')}>
      <h3 className={styles.heading}>{t('models.feedback')}</h3>
      <Group gap="xs">
        {VERDICTS.map((verdict) => (
          <Button
            key={verdict}
            variant={label?.verdict === verdict ? 'filled' : 'default'}
            aria-pressed={label?.verdict === verdict}
            onClick={() => void say(episode, verdict, what.trim())}
          >
            {t(`models.verdict.${verdict}`)}
          </Button>
        ))}
      </Group>
      <form
        className={styles.whatForm}
        onSubmit={(event) => {
          event.preventDefault()
          void say(episode, label?.verdict ?? 'right', what.trim())
        }}
      >
        <TextInput
          className={styles.grows ?? ''}
          aria-label={t('models.whatItWas')}
          placeholder={t('models.whatItWasHint')}
          value={what}
          maxLength={500}
          onChange={(event) => setWhat(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={what.trim() === (label?.what ?? '')}>
          {t('common.save')}
        </Button>
      </form>
      {said}
    </section>
  )
}
