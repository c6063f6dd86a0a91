import { ActionIcon, Button, Checkbox, Drawer, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { api } from '../../api/client.ts'
import { ApiError, type BrowseItem } from '../../api/types.ts'
import { IconChevronDown, IconChevronRight, IconSearch } from '../../components/icons.ts'
import { isPicked, picked, unpicked } from '../../components/schema-form/values.ts'
import { EmptyState, ErrorState, RowsSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { type Line, linesOf, NOTHING_YET, type Tree } from './browse-tree.ts'
import styles from './connections.module.css'
import { type Draft, probeOf, refusedField, schemaOf, suggestedName } from './draft.ts'

interface BrowseDrawerProps {
  draft: Draft
  onChange: (draft: Draft) => void
  /** The settings do not do to connect: the field is shown behind the drawer. */
  onRefused: (error: unknown) => void
  onClose: () => void
}

const PART = 200
/** What is one thing to read. Choosing what holds others (a folder) stands for everything below it. */
const SINGLE: ReadonlySet<BrowseItem['kind']> = new Set(['variable', 'topic', 'file'])

/** What the peer has, opened level by level; what is chosen goes into the settings. */
export function BrowseDrawer({ draft, onChange, onRefused, onClose }: BrowseDrawerProps) {
  const [query, setQuery] = useState('')
  const { tree, open, load, toggle } = useBrowse(draft, (error) => {
    if (refusedField(error) === undefined) return
    onRefused(error)
    onClose()
  })
  const lines = linesOf(tree, open, query)
  const shown = lines.flatMap((line) =>
    line.kind === 'item' && line.item.pick !== undefined && SINGLE.has(line.item.kind) ? [line.item.pick] : [],
  )
  const chosen = [...tree.values()]
    .flatMap(({ items }) => items)
    .filter(({ pick }) => pick !== undefined && isPicked(draft.config, pick)).length
  const top = tree.get('')
  const choose = (item: BrowseItem, on: boolean) => {
    const { pick } = item
    if (pick === undefined) return
    const config = on ? picked(schemaOf(draft.adapter), draft.config, pick) : unpicked(draft.config, pick)
    onChange({ ...draft, config })
  }
  const chooseShown = () => {
    let { config } = draft
    for (const pick of shown) config = picked(schemaOf(draft.adapter), config, pick)
    onChange({ ...draft, config })
  }
  return (
    <Drawer
      opened
      onClose={onClose}
      size={760}
      title={t('connections.browseTitle', { name: draft.name || suggestedName(draft) })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <TextInput
        type="search"
        aria-label={t('connections.browseSearch')}
        placeholder={t('connections.browseSearch')}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        leftSection={<IconSearch size={16} aria-hidden />}
        mb="sm"
        data-autofocus
      />
      {top === undefined || (top.loading && top.items.length === 0) ? (
        <div aria-busy="true">
          <RowsSkeleton />
        </div>
      ) : top.items.length === 0 && top.error === undefined ? (
        <EmptyState>{t('connections.browseEmpty')}</EmptyState>
      ) : lines.length === 0 ? (
        <EmptyState>{t('connections.browseNotFound', { query })}</EmptyState>
      ) : (
        <ul className={styles.tree} aria-label={t('connections.browseTop')}>
          {lines.map((line) => (
            <li
              key={line.kind === 'item' ? `${line.depth}:${line.item.id}` : `${line.kind}:${line.parent}`}
              style={{ paddingLeft: Math.min(line.depth, 12) * 16 }}
            >
              <LineView
                line={line}
                error={line.kind === 'error' ? tree.get(line.parent)?.error : undefined}
                chosen={line.kind === 'item' && line.item.pick !== undefined && isPicked(draft.config, line.item.pick)}
                onToggle={toggle}
                onLoad={(parent) => void load(parent)}
                onChoose={choose}
              />
            </li>
          ))}
        </ul>
      )}
      <div className={styles.drawerFoot}>
        <span role="status">{t('connections.chosen', { n: chosen })}</span>
        <span className={styles.foot}>
          <Button variant="default" disabled={shown.length === 0} onClick={chooseShown}>
            {t('connections.chooseShown')}
          </Button>
          <Button onClick={onClose}>{t('connections.done')}</Button>
        </span>
      </div>
    </Drawer>
  )
}

interface LineViewProps {
  line: Line
  error: unknown
  chosen: boolean
  onToggle: (item: BrowseItem) => void
  onLoad: (parent: string) => void
  onChoose: (item: BrowseItem, on: boolean) => void
}

function LineView({ line, error, chosen, onToggle, onLoad, onChoose }: LineViewProps) {
  if (line.kind === 'loading') return <RowsSkeleton rows={1} />
  if (line.kind === 'error') return <ErrorState error={error} onRetry={() => onLoad(line.parent)} />
  if (line.kind === 'more') {
    return (
      <Button size="compact-sm" variant="default" my={6} onClick={() => onLoad(line.parent)}>
        {t('connections.browseMore')}
      </Button>
    )
  }
  const { item, open } = line
  const whole = item.pick !== undefined && item.hasChildren && !SINGLE.has(item.kind) && t('connections.allBelow')
  const facts = [whole, item.value, item.unit, item.dataType, item.writable === true && t('connections.writable')]
  return (
    <div className={styles.node} title={item.description}>
      {item.hasChildren ? (
        <ActionIcon
          aria-label={open ? t('connections.fold', { name: item.name }) : t('connections.expand', { name: item.name })}
          aria-expanded={open}
          onClick={() => onToggle(item)}
        >
          {open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
        </ActionIcon>
      ) : (
        <span className={styles.spacer} />
      )}
      {item.pick === undefined ? (
        <span className={styles.nodeName}>{item.name}</span>
      ) : (
        <Checkbox
          size="xs"
          label={item.name}
          aria-label={t('connections.choose', { name: item.name })}
          checked={chosen}
          onChange={(event) => onChoose(item, event.currentTarget.checked)}
        />
      )}
      <span className={styles.nodeFacts}>{facts.filter(Boolean).join(' · ')}</span>
    </div>
  )
}

/** Levels as they are opened, page by page. The first is asked for at once. */
function useBrowse(draft: Draft, onError: (error: unknown) => void) {
  const [tree, setTree] = useState<Tree>(new Map())
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [asked] = useState(() => new AbortController())
  const put = (parent: string, change: Partial<Tree extends ReadonlyMap<string, infer L> ? L : never>) =>
    setTree((held) => new Map(held).set(parent, { ...(held.get(parent) ?? NOTHING_YET), ...change }))
  const load = async (parent: string) => {
    const cursor = tree.get(parent)?.next
    put(parent, { loading: true, error: undefined })
    try {
      const page = await api.browseConnection({
        body: {
          ...probeOf(draft),
          ...(parent === '' ? {} : { node: parent }),
          ...(cursor === undefined ? {} : { cursor }),
          limit: PART,
        },
        signal: asked.signal,
      })
      setTree((held) => {
        const level = held.get(parent) ?? NOTHING_YET
        return new Map(held).set(parent, {
          items: [...level.items, ...page.items],
          next: page.next,
          loading: false,
          error: undefined,
        })
      })
    } catch (error) {
      if (asked.signal.aborted) return
      put(parent, { loading: false, error })
      if (error instanceof ApiError) onError(error)
    }
  }
  const toggle = (item: BrowseItem) => {
    const opened = open.has(item.id)
    setOpen(new Set(opened ? [...open].filter((one) => one !== item.id) : [...open, item.id]))
    if (!opened && tree.get(item.id) === undefined) void load(item.id)
  }
  const first = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the drawer opens
  useEffect(() => {
    if (first.current) return
    first.current = true
    void load('')
  }, [])
  return { tree, open, load, toggle }
}
