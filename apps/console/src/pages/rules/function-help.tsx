import { Say, t } from '../../messages/index.tsx'
import { FUNCTIONS } from './functions.ts'
import styles from './rules.module.css'

// CEL's own signs: the same in every language.
const OPERATORS = '&& || ! ?: == != < <= > >= in + - * / %'

/** What a rule may call, beside the field where it is written. */
export function FunctionHelp() {
  return (
    <>
      <p className={styles.note}>
        <Say id="rules.helpIntro" values={{ operators: <code>{OPERATORS}</code> }} /> {t('rules.helpWindow')}
      </p>
      <table className={styles.help}>
        <tbody>
          {FUNCTIONS.map((one) => (
            <tr key={one.usage}>
              <td>
                <code>{one.usage}</code>
              </td>
              <td>{t(one.help)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
