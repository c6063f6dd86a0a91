import { Button, Menu } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api } from '../../api/client.ts'
import { useCan } from '../../api/session.ts'
import type { AssetFile } from '../../api/types.ts'
import { download } from '../../components/download.ts'
import { IconChevronDown, IconFileExport, IconFileImport } from '../../components/icons.ts'
import { tell, tellError } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'

/** The tree as a file, out and in. */
export function FileMenu() {
  const can = useCan()
  const queries = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const exportFile = async () => {
    const file = await api.exportAssets()
    download('assets.json', JSON.stringify(file, null, 2), 'application/json')
  }
  const importFile = async (file: File) => {
    let content: AssetFile
    try {
      content = JSON.parse(await file.text()) as AssetFile
    } catch {
      tell(t('machines.notAFile'))
      return
    }
    const { classes, created, updated } = await api.importAssets({ body: content })
    await queries.invalidateQueries({ queryKey: ['assets'] })
    await queries.invalidateQueries({ queryKey: ['classes'] })
    tell(t('machines.imported', { classes, created, updated }))
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            {t('common.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {can('asset:write') && (
            <Menu.Item leftSection={<IconFileImport size={16} aria-hidden />} onClick={() => input.current?.click()}>
              {t('machines.importFile')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconFileExport size={16} aria-hidden />}
            onClick={() => void exportFile().catch(tellError)}
          >
            {t('machines.exportFile')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label={t('machines.importFile')}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file !== undefined) void importFile(file).catch(tellError)
        }}
      />
    </>
  )
}
