import { faultsOf } from '../../components/schema-form/faults.ts'
import { ErrorState } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import styles from './connections.module.css'
import { type Draft, schemaOf } from './draft.ts'

/** What keeps one from going on: the fields say it too, but the button is down here. */
export function Trouble({ draft, strict, error }: { draft: Draft; strict: boolean; error: unknown }) {
  const wrong = faultsOf(schemaOf(draft.adapter), draft.config, draft.secrets).size
  if (error !== undefined) return <ErrorState error={error} />
  if (!strict || wrong === 0) return null
  return (
    <p role="alert" className={styles.failed}>
      {t('connections.faults', { n: wrong })}
    </p>
  )
}
