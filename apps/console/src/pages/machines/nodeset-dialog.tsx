import { Button, FileInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api } from '../../api/client.ts'
import { toBase64 } from '../../components/base64.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { IconFileImport } from '../../components/icons.ts'
import { ErrorState, PanelSkeleton } from '../../components/states.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import styles from './class-dialog.module.css'

type Outcome = Awaited<ReturnType<typeof api.importNodeSets>>
type Upload = { name: string; content: string }

const MOST = 200

/** Equipment classes out of OPC UA NodeSet2 files: first it is said what would be made, then it is made. */
export function NodeSetDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queries = useQueryClient()
  const [files, setFiles] = useState<File[]>([])
  const [uploads, setUploads] = useState<Upload[]>([])
  const [plan, setPlan] = useState<Outcome>()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const latest = useRef<File[]>([])
  const close = () => {
    setFiles([])
    setPlan(undefined)
    setError(undefined)
    onClose()
  }
  const choose = async (chosen: File[]) => {
    latest.current = chosen
    setFiles(chosen)
    setPlan(undefined)
    setError(undefined)
    if (chosen.length === 0) return
    setBusy(true)
    try {
      const read = await Promise.all(
        chosen.map(async (file) => ({ name: file.name, content: toBase64(new Uint8Array(await file.arrayBuffer())) })),
      )
      const answer = await api.importNodeSets({ body: { files: read, dryRun: true } })
      if (latest.current !== chosen) return
      setUploads(read)
      setPlan(answer)
    } catch (cause) {
      if (latest.current === chosen) setError(cause)
    } finally {
      if (latest.current === chosen) setBusy(false)
    }
  }
  const save = async () => {
    const { created, updated } = await api.importNodeSets({ body: { files: uploads } })
    await queries.invalidateQueries({ queryKey: ['classes'] })
    tell(t('classes.nodeSetsDone', { created: created.length, updated: updated.length }))
    setFiles([])
    setPlan(undefined)
  }
  return (
    <FormDialog
      title={t('classes.nodeSets')}
      opened={opened}
      onClose={close}
      action={t('classes.nodeSetsImport')}
      ready={plan !== undefined && plan.created.length + plan.updated.length > 0}
      onSubmit={save}
      size="lg"
    >
      <p>{t('classes.nodeSetsHelp')}</p>
      <FileInput
        label={t('classes.nodeSetsFiles')}
        placeholder={t('classes.nodeSetsChoose')}
        multiple
        accept=".xml,text/xml,application/xml"
        value={files}
        onChange={(chosen) => void choose(chosen)}
        leftSection={<IconFileImport size={16} aria-hidden />}
        clearable
        clearButtonProps={{ 'aria-label': t('common.clear') }}
        data-autofocus
      />
      {busy && (
        <div aria-busy="true">
          <span className="mw-hidden" role="status">
            {t('common.loading')}
          </span>
          <PanelSkeleton height={80} />
        </div>
      )}
      {error !== undefined && <ErrorState error={error} />}
      {plan !== undefined && <Plan plan={plan} />}
    </FormDialog>
  )
}

function Plan({ plan }: { plan: Outcome }) {
  return (
    <div role="status" className={styles.plan}>
      <Names label={t('classes.nodeSetsCreated', { n: plan.created.length })} names={plan.created} />
      <Names label={t('classes.nodeSetsUpdated', { n: plan.updated.length })} names={plan.updated} />
      <Names label={t('classes.nodeSetsNotes', { n: plan.notes.length })} names={plan.notes} />
    </div>
  )
}

function Names({ label, names }: { label: string; names: readonly string[] }) {
  const [open, setOpen] = useState(false)
  if (names.length === 0) return null
  return (
    <div>
      <Button size="compact-sm" variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {label}
      </Button>
      {open && (
        <ul className={styles.names}>
          {names.slice(0, MOST).map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
