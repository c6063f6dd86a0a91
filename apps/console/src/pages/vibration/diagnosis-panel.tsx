import { Button } from '@mantine/core'
import type { Service, VibrationDiagnosis } from '../../api/types.ts'
import { Facts, Panel } from '../../components/page.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { faultName } from './faults.ts'
import styles from './vibration.module.css'
import { Zones } from './zones.tsx'

/** What the lines of a finding are counted in. */
const UNITS = { velocity: 'mm/s', acceleration: 'm/s²', envelope: '(m/s²)²' } as const

type Finding = VibrationDiagnosis['findings'][number]

interface DiagnosisPanelProps {
  diagnosis: VibrationDiagnosis
  service: Service
  onShow: (finding: Finding) => void
}

/** What is wrong as a sentence, then what speaks for it, line by line. */
export function DiagnosisPanel({ diagnosis, service, onShow }: DiagnosisPanelProps) {
  const format = useFormat()
  const { findings, shaft, severity, statistics, normalVelocity } = diagnosis
  const rpm = shaft === undefined ? '' : format.number(Math.round(60 * shaft.frequency))
  return (
    <Panel title={t('vibration.diagnosis')}>
      <p className={styles.sentence}>{diagnosis.sentence}</p>
      <p className={styles.source}>
        {t('vibration.at', { time: format.dateTime(diagnosis.time) })}
        {', '}
        {t('vibration.heardBy', { service: service.name })}
      </p>
      <Zones severity={severity} />
      <Facts
        dense
        items={[
          [t('vibration.velocity'), `${format.number(severity.velocity)} mm/s`],
          normalVelocity !== undefined && [t('vibration.normalVelocity'), `${format.number(normalVelocity)} mm/s`],
          [
            t('vibration.speed'),
            shaft === undefined
              ? t('vibration.speedUnknown')
              : t(shaft.from === 'given' ? 'vibration.speedGiven' : 'vibration.speedEstimated', { value: rpm }),
          ],
          [t('vibration.kurtosis'), format.number(statistics.kurtosis)],
          [t('vibration.crest'), format.number(statistics.crest)],
        ]}
      />
      {findings.length > 0 && (
        <ul className={styles.findings} aria-label={t('vibration.evidence')}>
          {findings.map((finding) => (
            <li key={`${finding.fault} ${finding.part}`} className={styles.finding}>
              <FindingHead finding={finding} onShow={onShow} />
              {finding.lines.length > 0 && <Lines finding={finding} />}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function FindingHead({ finding, onShow }: { finding: Finding; onShow: (finding: Finding) => void }) {
  const format = useFormat()
  const name = faultName(finding.fault)
  return (
    <div className={styles.findingHead}>
      <span className={styles.findingName}>
        {finding.part === undefined ? name : t('vibration.ofPart', { fault: name, part: finding.part })}
      </span>
      <span>{t('vibration.confidence', { percent: format.percent(Math.round(100 * finding.confidence) / 100) })}</span>
      <span className={styles.small}>
        {t('vibration.strength', { measure: finding.measure, value: format.number(finding.strength) })}
      </span>
      <Button size="xs" variant="default" onClick={() => onShow(finding)}>
        {t('vibration.show', { fault: name.toLowerCase() })}
      </Button>
    </div>
  )
}

function Lines({ finding }: { finding: Finding }) {
  const format = useFormat()
  // Velocities come in m/s, and are read in mm/s.
  const factor = finding.spectrum === 'velocity' ? 1000 : 1
  return (
    <div className={styles.tableBox}>
      <table className={styles.lines}>
        <thead>
          <tr>
            <th scope="col">{t('vibration.lineName')}</th>
            <th scope="col">{t('vibration.lineAt')}</th>
            <th scope="col">{t('vibration.lineExpected')}</th>
            <th scope="col">{t('vibration.lineAmplitude', { unit: UNITS[finding.spectrum] })}</th>
            <th scope="col">{t('vibration.lineAbove')}</th>
          </tr>
        </thead>
        <tbody>
          {finding.lines.map((line) => (
            <tr key={line.name} className={line.significant ? '' : styles.missing}>
              <td>{line.name}</td>
              <td>{`${format.number(line.frequency)} ${t('vibration.hertz')}`}</td>
              <td>{`${format.number(line.expected)} ${t('vibration.hertz')}`}</td>
              <td>{format.number(factor * line.amplitude)}</td>
              <td>
                {line.significant && line.floor > 0
                  ? t('vibration.times', { value: format.number(line.amplitude / line.floor) })
                  : t('vibration.inNoise')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
