import { UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { servicesQuery } from '../../api/services.ts'
import type { ServiceKind } from '../../api/types.ts'
import { Tag } from '../../components/marks.tsx'
import { NodePicker } from '../../components/node-picker.tsx'
import { Panel, Stacked } from '../../components/page.tsx'
import { t } from '../../messages/index.tsx'
import styles from './models.module.css'

interface KindStepProps {
  kinds: readonly ServiceKind[]
  equipment: string | null
  onEquipment: (equipment: string | null) => void
  onChoose: (kind: ServiceKind) => void
}

/** Which machine, and what one wants to know of it: each kind as a card that says what one gets. */
export function KindStep({ kinds, equipment, onEquipment, onChoose }: KindStepProps) {
  const there = useQuery({ ...servicesQuery(equipment ?? undefined), enabled: equipment !== null })
  return (
    <Stacked>
      <Panel title={t('models.equipment')}>
        <NodePicker
          label={t('models.whichEquipment')}
          description={t('models.whichEquipmentHelp')}
          value={equipment}
          accept={acceptsService}
          onChange={onEquipment}
          required
          descriptionBelow
          width={520}
        />
        {equipment !== null && there.data !== undefined && there.data.length > 0 && (
          <p className={styles.note}>
            {t('models.alreadyThere', { names: there.data.map(({ name }) => name).join(', ') })}
          </p>
        )}
      </Panel>
      <section aria-labelledby="service-kinds">
        <h2 id="service-kinds" className={styles.groupTitle}>
          {equipment === null ? t('models.whatLater') : t('models.what')}
        </h2>
        <ul className={styles.cards}>
          {kinds.map((kind) => (
            <li key={kind.id}>
              <UnstyledButton className={styles.card} disabled={equipment === null} onClick={() => onChoose(kind)}>
                <span className={styles.cardName}>{kind.name}</span>
                <span>{kind.summary}</span>
                {kind.outputs.length > 0 && (
                  <span className={styles.note}>
                    {t('models.writes', { outputs: kind.outputs.map(({ name }) => name).join(' · ') })}
                  </span>
                )}
                <span className={styles.tags}>
                  <Tag>{kind.trains ? t('models.learnsHere') : t('models.uploaded')}</Tag>
                  {kind.alarms && <Tag>{t('models.canAlarm')}</Tag>}
                  {kind.episodes && <Tag>{t('models.canLabel')}</Tag>}
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </section>
    </Stacked>
  )
}

/** Signals hang at machines as a rule, and at lines and cells now and then. */
const acceptsService = ({ level }: { level: string }) => !['enterprise', 'site'].includes(level)
