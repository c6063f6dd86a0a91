import styles from './energy.module.css'

/** What the lines of a chart are: by their looks and a word, never by colour alone. */
export function Key({
  items,
}: {
  items: readonly { name: string; color: string; look?: 'line' | 'dashed' | 'block' }[]
}) {
  return (
    <ul className={styles.key}>
      {items.map(({ name, color, look = 'line' }) => (
        <li key={name}>
          <span
            className={`${styles.swatch} ${look === 'line' ? '' : styles[look]}`}
            style={{ borderColor: `var(--mw-${color})`, opacity: look === 'block' ? 0.4 : 1 }}
            aria-hidden
          />
          {name}
        </li>
      ))}
    </ul>
  )
}
