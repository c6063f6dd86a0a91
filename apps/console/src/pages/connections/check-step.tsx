import { Button, Checkbox } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { api } from '../../api/client.ts'
import { Stacked } from '../../components/page.tsx'
import { ErrorState } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import styles from './connections.module.css'
import { type Draft, decided, probeOf, refusedField } from './draft.ts'
import { PreviewPanel } from './preview-panel.tsx'
import { TestPanel } from './test-panel.tsx'
import { type Probe, useProbe } from './use-probe.ts'

interface CheckStepProps {
  draft: Draft
  onChange: (draft: Draft) => void
  onRefused: (error: unknown) => void
  error: unknown
  busy: boolean
  onBack: () => void
  onSave: (enabled: boolean) => void
}

/** A try before it is saved: the connection at once, then its first readings. */
export function CheckStep({ draft, onChange, onRefused, error, busy, onBack, onSave }: CheckStepProps) {
  const [enabled, setEnabled] = useState(true)
  const { test, preview } = useProbes(draft, onRefused)
  const again = useAgain(test)
  const first = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: tried once by itself, when one comes here
  useEffect(() => {
    if (first.current) return
    first.current = true
    void test.run()
  }, [])
  return (
    <Stacked>
      <TestPanel
        probe={test}
        config={draft.config}
        onDecide={(certificate, accepted) => {
          onChange({ ...draft, config: decided(draft.config, certificate, accepted) })
          again()
        }}
      />
      <PreviewPanel probe={preview} />
      {error !== undefined && <ErrorState error={error} />}
      <div className={styles.foot}>
        <Button variant="default" onClick={onBack}>
          {t('connections.back')}
        </Button>
        <Checkbox
          label={t('connections.enabledAtOnce')}
          checked={enabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
        <Button loading={busy} onClick={() => onSave(enabled)}>
          {enabled ? t('connections.save') : t('common.save')}
        </Button>
      </div>
    </Stacked>
  )
}

/** Tries anew with the draft as it is after what was just decided. */
export function useAgain(probe: Probe<unknown>): () => void {
  const [times, setTimes] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for by counting, answered with what is drawn then
  useEffect(() => {
    if (times > 0) void probe.run()
  }, [times])
  return () => setTimes(times + 1)
}

/** Seconds; the texts say so too. */
const PREVIEW = 3

/** A test and a preview of a draft; what is wrong with a field goes back to the settings. */
export function useProbes(draft: Draft, onRefused: (error: unknown) => void) {
  const asked = async <T,>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      if (refusedField(error) !== undefined) onRefused(error)
      throw error
    }
  }
  return {
    test: useProbe((signal) => asked(api.testConnection({ body: probeOf(draft), signal }))),
    preview: useProbe((signal) =>
      asked(api.previewConnection({ body: { ...probeOf(draft), seconds: PREVIEW }, signal })),
    ),
  }
}
