import { useEffect, useState } from 'react'
import { IconPlugConnectedX } from '../components/icons.ts'
import { useLink } from '../live/link.ts'
import { t } from '../messages/index.tsx'
import { useFormat } from '../messages/use-format.ts'
import styles from './shell.module.css'

const PATIENCE = 2_000

/** Says that the live link is lost or not given, and since when; a blink of a second or two is not worth a banner. */
export function LinkBanner() {
  const link = useLink()
  const format = useFormat()
  const [patient, setPatient] = useState(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: patience begins anew with each change of the state
  useEffect(() => {
    setPatient(true)
    const timer = setTimeout(() => setPatient(false), PATIENCE)
    return () => clearTimeout(timer)
  }, [link.state])
  if (patient || (link.state !== 'lost' && link.state !== 'refused')) return null
  const time = format.time(link.since * 1000)
  return (
    <div className={styles.banner} role="alert">
      <IconPlugConnectedX size={18} aria-hidden />
      {link.state === 'lost'
        ? t('shell.linkLost', { time })
        : t('shell.linkRefused', { time, reason: sentence(link.reason ?? '') })}
    </div>
  )
}

/** The platform says why in a sentence or in a few words. */
const sentence = (reason: string): string => (reason === '' || reason.endsWith('.') ? reason : `${reason}.`)
