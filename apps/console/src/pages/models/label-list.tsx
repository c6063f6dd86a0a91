import { ActionIcon, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { labelsQuery } from '../../api/services.ts'
import type { Service } from '../../api/types.ts'
import { IconTrash } from '../../components/icons.ts'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './models.module.css'
import { useFeedback } from './use-feedback.ts'

/** What people said, newest first; the next training uses all of it. */
export function LabelList({ service, readOnly }: { service: Service; readOnly: boolean }) {
  const format = useFormat()
  const labels = useQuery(labelsQuery(service.id))
  const { remove } = useFeedback(service.id)
  return (
    <Loaded query={labels}>
      {(data) =>
        data.length === 0 ? (
          <EmptyState>{t('models.noLabels')}</EmptyState>
        ) : (
          <ul className={styles.rows}>
            {data.map((label) => (
              <li key={label.id} className={styles.row}>
                <span>
                  <b>
                    {label.episode === null
                      ? t(`models.spanVerdict.${label.verdict}`)
                      : t(`models.verdict.${label.verdict}`)}
                  </b>
                  {label.what !== '' && `: ${label.what}`}
                </span>
                <span className={styles.note}>
                  {format.dateShort(label.from)} – {format.dateShort(label.to)} · {label.by},{' '}
                  {format.dateShort(label.at)}
                </span>
                {!readOnly && (
                  <Tooltip label={t('models.takeBack')}>
                    <ActionIcon
                      aria-label={t('models.takeBackOf', { at: format.dateTime(label.from) })}
                      onClick={() => void remove(label)}
                    >
                      <IconTrash size={16} aria-hidden />
                    </ActionIcon>
                  </Tooltip>
                )}
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  )
}
