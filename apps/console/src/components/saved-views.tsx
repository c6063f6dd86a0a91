import { ActionIcon, Menu, TextInput, Tooltip } from '@mantine/core'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { t } from '../messages/index.tsx'
import { IconBookmark, IconTrash } from './icons.ts'
import { dropView, parseViews, saveView, type View } from './views.ts'

/** Views of a table under names of one's own: the filters in the address bar and the columns put away, in this browser. */
export function SavedViews({
  name,
  hidden,
  onHidden,
}: {
  name: string
  hidden: ReadonlySet<string>
  onHidden: (hidden: ReadonlySet<string>) => void
}) {
  const key = `millwright.views.${name}`
  const navigate = useNavigate()
  const { pathname, searchStr } = useLocation()
  const [views, setViews] = useState<readonly View[]>(() => parseViews(localStorage.getItem(key)))
  const [text, setText] = useState('')
  const keep = (next: readonly View[]) => {
    localStorage.setItem(key, JSON.stringify(next))
    setViews(next)
  }
  const open = (view: View) => {
    onHidden(new Set(view.hidden))
    void navigate({ href: `${pathname}${view.search}` })
  }
  return (
    <Menu position="bottom-end" width={260} closeOnItemClick={false}>
      <Menu.Target>
        <Tooltip label={t('common.views')}>
          <ActionIcon aria-label={t('common.views')}>
            <IconBookmark size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {views.map((view) => (
          <Menu.Item
            key={view.name}
            onClick={() => open(view)}
            rightSection={
              <ActionIcon
                component="span"
                role="button"
                size="sm"
                aria-label={`${t('common.delete')}: ${view.name}`}
                onClick={(event) => {
                  event.stopPropagation()
                  keep(dropView(views, view.name))
                }}
              >
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            }
          >
            {view.name}
          </Menu.Item>
        ))}
        {views.length === 0 && <Menu.Label>{t('common.noViews')}</Menu.Label>}
        <Menu.Divider />
        <form
          style={{ padding: 8 }}
          onSubmit={(event) => {
            event.preventDefault()
            if (text.trim() === '') return
            keep(saveView(views, { name: text.trim(), search: searchStr, hidden: [...hidden] }))
            setText('')
          }}
        >
          <TextInput
            size="xs"
            label={t('common.saveView')}
            placeholder={t('common.viewName')}
            value={text}
            maxLength={60}
            onChange={(event) => setText(event.target.value)}
            // The menu takes letters for a way to its items; here they are a name.
            onKeyDown={(event) => event.stopPropagation()}
          />
        </form>
      </Menu.Dropdown>
    </Menu>
  )
}
