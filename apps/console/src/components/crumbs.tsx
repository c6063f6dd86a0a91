import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { treeQuery } from '../api/assets.ts'
import { t } from '../messages/index.tsx'
import styles from './crumbs.module.css'

/** Where a node hangs: the nodes above it, as links. */
export function Crumbs({ path }: { path: readonly string[] }) {
  const { data } = useQuery(treeQuery)
  const names = new Map(data?.map((node) => [node.id, node.name]))
  return (
    <nav aria-label={t('machines.where')} className={styles.crumbs}>
      <Link to="/machines">{t('machines.title')}</Link>
      {path
        .filter((id) => names.has(id))
        .map((id) => (
          <Link key={id} to="/machines/$id" params={{ id }}>
            {names.get(id)}
          </Link>
        ))}
    </nav>
  )
}
