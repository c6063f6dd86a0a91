import { UnstyledButton } from '@mantine/core'
import type { AdapterDescription } from '../../api/types.ts'
import { Tag } from '../../components/marks.tsx'
import { Stacked } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import styles from './connections.module.css'
import { grouped } from './groups.ts'

/** What it speaks: every protocol as a card, where one would look for it. */
export function ProtocolStep({
  adapters,
  onChoose,
}: {
  adapters: readonly AdapterDescription[]
  onChoose: (adapter: AdapterDescription) => void
}) {
  if (adapters.length === 0) return <EmptyState>{t('connections.noAdapters')}</EmptyState>
  return (
    <Stacked>
      {grouped(adapters).map(({ group, adapters: members }) => (
        <section key={group} aria-labelledby={`protocols-${group}`}>
          <h2 id={`protocols-${group}`} className={styles.groupTitle}>
            {t(`connections.group.${group}`)}
          </h2>
          <ul className={styles.protocols}>
            {members.map((one) => (
              <li key={one.id}>
                <UnstyledButton className={styles.protocol} onClick={() => onChoose(one)}>
                  <span className={styles.protocolName}>{one.name}</span>
                  <span>{one.summary}</span>
                  <span className={styles.note}>{one.standards.join(' · ')}</span>
                  <span>
                    <Tag>{t(`connections.direction.${one.direction}`)}</Tag>
                  </span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Stacked>
  )
}
