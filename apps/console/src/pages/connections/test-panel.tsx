import { Button } from '@mantine/core'
import type { ConnectionTest } from '../../api/types.ts'
import { IconAlertTriangle, IconCheck } from '../../components/icons.ts'
import { Panel, Stacked } from '../../components/page.tsx'
import type { Values } from '../../components/schema-form/schema.ts'
import { ErrorState } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { CertificateList, type Decide } from './certificates.tsx'
import styles from './connections.module.css'
import type { Probe } from './use-probe.ts'

/** How far the connection comes, step by step. */
export function TestPanel({
  probe,
  config,
  onDecide,
}: {
  probe: Probe<ConnectionTest>
  config: Values
  onDecide?: Decide | undefined
}) {
  const { busy, result, error } = probe
  return (
    <Panel
      title={t('connections.testTitle')}
      actions={
        busy ? (
          <Button size="xs" variant="default" onClick={probe.stop}>
            {t('connections.stop')}
          </Button>
        ) : (
          <Button size="xs" variant={result?.ok === true ? 'default' : 'filled'} onClick={() => void probe.run()}>
            {result === undefined && error === undefined ? t('connections.test') : t('connections.testAgain')}
          </Button>
        )
      }
    >
      <Stacked>
        <p role="status" className={result?.ok === false ? styles.failed : styles.note}>
          {busy
            ? t('connections.testing')
            : result === undefined
              ? t('connections.testHelp')
              : result.ok
                ? t('connections.testOk')
                : t('connections.testFailed')}
        </p>
        {error !== undefined && <ErrorState error={error} />}
        {result !== undefined && <Steps test={result} />}
        {result !== undefined && result.certificates.length > 0 && (
          <CertificateList certificates={result.certificates} config={config} onDecide={onDecide} />
        )}
      </Stacked>
    </Panel>
  )
}

function Steps({ test }: { test: ConnectionTest }) {
  const format = useFormat()
  return (
    <ol className={styles.tries}>
      {test.steps.map((step) => (
        <li key={step.name} className={styles.try} data-ok={step.ok}>
          <span className={styles.tryMark}>
            {step.ok ? <IconCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
            <span className="mw-hidden">{step.ok ? t('connections.stepOk') : t('connections.stepFailed')}</span>
          </span>
          <span className={styles.tryName}>{step.name}</span>
          <span className={styles.took}>{format.duration(step.took)}</span>
          <span className={styles.tryDetail}>{step.detail}</span>
        </li>
      ))}
    </ol>
  )
}
