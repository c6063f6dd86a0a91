import { Button, FileInput } from '@mantine/core'
import { MOST_MODEL_BYTES } from '@millwright/contracts/lists'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { ApiError, type Service, type ServiceVersion } from '../../api/types.ts'
import { toBase64 } from '../../components/base64.ts'
import { DESCRIPTION_BELOW } from '../../components/field-order.ts'
import { Panel, Stacked } from '../../components/page.tsx'
import { parseJson } from '../../components/parse-json.ts'
import { faultsOf } from '../../components/schema-form/faults.ts'
import { isValues, type Values } from '../../components/schema-form/schema.ts'
import { SchemaForm } from '../../components/schema-form/schema-form.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { emptyManifest, manifestSchema, placeOf } from './manifest.ts'
import styles from './models.module.css'
import type { ServiceActions } from './use-service-actions.tsx'
import { WorkProgress } from './work-progress.tsx'

const NO_SECRETS: ReadonlySet<string> = new Set()

interface UploadPanelProps {
  service: Service
  versions: readonly ServiceVersion[]
  actions: ServiceActions
}

/** A model made elsewhere: its file, and which signals it takes in which order. What is refused is said at its place. */
export function UploadPanel({ service, versions, actions }: UploadPanelProps) {
  const format = useFormat()
  const [schema] = useState(() => manifestSchema((key) => t(key)))
  const [file, setFile] = useState<File | null>(null)
  const [manifest, setManifest] = useState<Values>(() => manifestOf(versions) ?? emptyManifest)
  const [strict, setStrict] = useState(false)
  const [sent, setSent] = useState<number>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const version = versions.find(({ number }) => number === sent)
  const sentence = error ?? (version?.state === 'failed' ? (version.failure ?? undefined) : undefined)
  const place = sentence === undefined ? undefined : placeOf(sentence, manifest)
  const change = (next: Values) => {
    setManifest(next)
    setSent(undefined)
    setError(undefined)
  }
  const readManifest = async (given: File | null) => {
    if (given === null) return
    const { value, error: wrong } = parseJson(await given.text())
    if (isValues(value)) change(value)
    else setError(wrong === undefined ? t('models.manifestNone') : t('form.jsonWrong', { reason: wrong }))
  }
  const upload = async () => {
    setStrict(true)
    setError(undefined)
    setSent(undefined)
    if (file === null || faultsOf(schema, manifest, NO_SECRETS).size > 0) return
    setBusy(true)
    try {
      const model = toBase64(new Uint8Array(await file.arrayBuffer()))
      const made = await api.uploadServiceVersion({ params: { id: service.id }, body: { manifest, model } })
      setSent(made.number)
      await actions.again()
    } catch (cause) {
      setError(cause instanceof ApiError ? cause.problem.detail : t('common.unexpected'))
    } finally {
      setBusy(false)
    }
  }
  const large = file !== null && file.size > MOST_MODEL_BYTES
  const fileFault = large
    ? t('models.fileLarge', { most: format.bytes(MOST_MODEL_BYTES) })
    : strict && file === null
      ? t('form.fault.missing')
      : place === 'file'
        ? sentence
        : undefined
  return (
    <Panel title={t('models.upload')}>
      <Stacked>
        <div className={styles.general}>
          <FileInput
            label={t('models.file')}
            description={t('models.fileHelp')}
            accept=".onnx"
            value={file}
            onChange={(next) => {
              setFile(next)
              setSent(undefined)
              setError(undefined)
            }}
            error={fileFault}
            inputWrapperOrder={DESCRIPTION_BELOW}
            placeholder={t('models.fileChoose')}
            clearable
            clearButtonProps={{ 'aria-label': t('common.clear') }}
          />
          <FileInput
            label={t('models.manifestFile')}
            description={t('models.manifestFileHelp')}
            accept=".json,application/json"
            value={null}
            onChange={(next) => void readManifest(next)}
            inputWrapperOrder={DESCRIPTION_BELOW}
            placeholder={t('models.fileChoose')}
          />
        </div>
        <SchemaForm
          schema={schema}
          value={manifest}
          onChange={change}
          secrets={NO_SECRETS}
          strict={strict}
          equipment={service.equipment}
          {...(sentence === undefined || place === undefined || place === 'file'
            ? {}
            : { refused: { pointer: place, sentence } })}
        />
        {sentence !== undefined && (
          <p role="alert" className={styles.failed}>
            {sentence}
          </p>
        )}
        {version !== undefined && (version.state === 'waiting' || version.state === 'running') && (
          <WorkProgress
            label={t('models.checking')}
            waiting={version.state === 'waiting'}
            progress={version.progress}
            stage={version.stage}
            onCancel={() => void actions.cancel(version.number)}
          />
        )}
        {version?.state === 'ready' && <p role="status">{t('models.uploadedAs', { number: version.number })}</p>}
        <div className={styles.foot}>
          <Button loading={busy} disabled={large} onClick={() => void upload()}>
            {t('models.uploadAction')}
          </Button>
        </div>
      </Stacked>
    </Panel>
  )
}

/** The manifest of the newest version: the next model mostly takes the same signals. */
function manifestOf(versions: readonly ServiceVersion[]): Values | undefined {
  for (const { settings } of versions) if (isValues(settings['manifest'])) return settings['manifest']
  return undefined
}
