import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import { api } from '../../api/client.ts'
import type { AdapterDescription } from '../../api/types.ts'
import { toBase64 } from '../../components/base64.ts'
import { IconFileImport } from '../../components/icons.ts'
import { merged } from '../../components/schema-form/values.ts'
import { tellError } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import type { Draft } from './draft.ts'

/** A file that was read into the settings. */
export interface Imported {
  readonly file: string
  /** What was left out or guessed. */
  readonly notes: readonly string[]
}

interface ImportButtonsProps {
  draft: Draft
  onChange: (draft: Draft) => void
  onImported: (imported: Imported) => void
}

/** Reads files of the field (a register map, a CAN database) into the settings. */
export function ImportButtons(props: ImportButtonsProps) {
  return props.draft.adapter.imports.map((format) => <ImportButton key={format.format} {...props} format={format} />)
}

function ImportButton({
  draft,
  onChange,
  onImported,
  format,
}: ImportButtonsProps & { format: AdapterDescription['imports'][0] }) {
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const read = async (file: File) => {
    setBusy(true)
    try {
      const body = { format: format.format, file: toBase64(new Uint8Array(await file.arrayBuffer())) }
      const answer = await api.importAdapterConfig({ params: { adapter: draft.adapter.id }, body })
      onChange({ ...draft, config: merged(draft.config, answer.config) })
      onImported({ file: file.name, notes: answer.notes })
    } catch (error) {
      tellError(error)
    } finally {
      setBusy(false)
    }
  }
  const label = t('connections.importFile', { name: format.name })
  return (
    <>
      <Button
        size="xs"
        variant="default"
        loading={busy}
        leftSection={<IconFileImport size={16} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept={format.extensions.join(',')}
        hidden
        aria-label={label}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file !== undefined) void read(file)
        }}
      />
    </>
  )
}
