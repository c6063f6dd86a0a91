import styles from './copy-field.module.css'

/** A document as indented JSON. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long documents scroll, and the keyboard must reach them
    <pre role="region" className={styles.text} tabIndex={0} aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </pre>
  )
}
