import type { CSSProperties } from 'react'
import type { Signal } from '../../api/types.ts'
import { seriesIndex, seriesVariable } from '../../charts/series-style.ts'
import { Panel } from '../../components/page.tsx'
import { LiveValue } from '../../components/value.tsx'
import { t } from '../../messages/index.tsx'
import styles from './live-tab.module.css'

interface ChooserProps {
  signals: readonly Signal[]
  chosen: ReadonlySet<string>
  onChange: (signals: readonly string[]) => void
}

/** All signals with their values now; those that can be drawn can be chosen. */
export function SignalChooser({ signals, chosen, onChange }: ChooserProps) {
  const toggle = (id: string) => onChange(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id])
  return (
    <Panel title={t('machine.chooseSignals')} flush>
      <ul className={styles.chooser}>
        {signals.map((signal) => {
          const drawable = signal.kind === 'number'
          const content = (
            <>
              {drawable ? (
                <input
                  id={`chart-${signal.id}`}
                  type="checkbox"
                  className={styles.box}
                  style={{ '--line': seriesVariable(seriesIndex(signal, signals)) } as CSSProperties}
                  checked={chosen.has(signal.id)}
                  onChange={() => toggle(signal.id)}
                  aria-label={signal.name}
                />
              ) : (
                <span />
              )}
              <span className={styles.name} title={signal.description || signal.name}>
                {signal.name}
              </span>
              <span className={styles.value}>
                <LiveValue signal={signal} />
              </span>
            </>
          )
          return (
            <li key={signal.id}>
              {drawable ? (
                <label className={styles.signal} htmlFor={`chart-${signal.id}`}>
                  {content}
                </label>
              ) : (
                <div className={styles.signal}>{content}</div>
              )}
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
