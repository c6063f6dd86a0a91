import { Checkbox, NumberInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { given } from '../../api/client.ts'
import type { VibrationDiagnosis, VibrationSpectrum } from '../../api/types.ts'
import { spectrumQuery } from '../../api/vibration.ts'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { cursorMarks, diagnosisMarks, highest, lineAt, xOf } from './marks.ts'
import { SpectrumPlot } from './spectrum-plot.tsx'
import styles from './vibration.module.css'

type Kind = VibrationSpectrum['kind']
type Finding = VibrationDiagnosis['findings'][number]

/** Turns of the shaft that an order spectrum reaches to. */
const ORDERS = 20

interface SpectrumPanelProps {
  signal: string
  at: number | undefined
  kind: Kind
  diagnosis: VibrationDiagnosis | undefined
  /** Whose evidence is marked. */
  finding: Finding | undefined
}

/** A spectrum with harmonic and sideband cursors, the machine's fault frequencies and the evidence of a finding. */
export function SpectrumPanel({ signal, at, kind, diagnosis, finding }: SpectrumPanelProps) {
  const shaft = diagnosis?.shaft?.frequency
  const band = kind === 'envelope' && finding?.spectrum === 'envelope' ? finding.band : undefined
  // Velocity tells of shafts, below a kilohertz; higher up it is nothing.
  const to = kind === 'velocity' || kind === 'displacement' ? 1000 : kind === 'order' ? ORDERS : undefined
  const query = useQuery({
    ...spectrumQuery({ signal, kind, ...given({ at, band, to, shaft: kind === 'order' ? shaft : undefined }) }),
    enabled: kind !== 'order' || shaft !== undefined,
  })
  if (kind === 'order' && shaft === undefined) return <EmptyState>{t('vibration.orderNeedsSpeed')}</EmptyState>
  return (
    <Loaded query={query} skeleton={<PanelSkeleton height={360} />}>
      {(spectrum) => <Drawn key={spectrum.kind} spectrum={spectrum} diagnosis={diagnosis} finding={finding} />}
    </Loaded>
  )
}

function Drawn({
  spectrum,
  diagnosis,
  finding,
}: {
  spectrum: VibrationSpectrum
  diagnosis: VibrationDiagnosis | undefined
  finding: Finding | undefined
}) {
  const format = useFormat()
  const [place, setPlace] = useState<number>()
  const [harmonics, setHarmonics] = useState(1)
  const [spacing, setSpacing] = useState(0)
  const [faults, setFaults] = useState(true)
  const cursor = place === undefined ? highest(spectrum) : lineAt(spectrum, place)
  const x = xOf(spectrum, cursor)
  const amplitude = spectrum.amplitude[cursor] ?? 0
  const noise = spectrum.floor[cursor] ?? 0
  const end = xOf(spectrum, spectrum.amplitude.length - 1)
  const marks = [
    ...diagnosisMarks(diagnosis, spectrum, finding).filter(({ kind }) => faults || kind === 'evidence'),
    ...(harmonics > 1 || spacing > 0 ? cursorMarks(x, harmonics, spacing, end) : []),
  ]
  const unit = format.unit(spectrum.unit)
  const placed = (value: number) =>
    spectrum.axis === 's'
      ? `${format.number(1000 * value)} ${t('vibration.milliseconds')}`
      : spectrum.axis === 'Hz'
        ? `${format.number(value)} ${t('vibration.hertz')}`
        : `${format.number(value)}×`
  const top = highest(spectrum)
  return (
    <>
      <div className={styles.tools}>
        <NumberInput
          size="xs"
          w={110}
          label={t('vibration.harmonics')}
          value={harmonics}
          onChange={(value) => setHarmonics(Number(value) || 1)}
          min={1}
          max={20}
        />
        <NumberInput
          size="xs"
          w={140}
          label={t('vibration.sidebands')}
          value={spacing === 0 ? '' : spacing}
          placeholder={t('vibration.noSidebands')}
          onChange={(value) => setSpacing(Math.max(0, Number(value) || 0))}
          min={0}
          step={Number(spectrum.step.toPrecision(2))}
        />
        <Checkbox
          label={t('vibration.faultMarks')}
          checked={faults}
          onChange={(event) => setFaults(event.currentTarget.checked)}
        />
        <span className={styles.small}>
          {t('vibration.recordedFor', {
            seconds: format.number(spectrum.seconds),
            rate: format.number(spectrum.sampleRate / 1000),
          })}
          {spectrum.band !== undefined &&
            ` · ${t('vibration.band', { from: format.number(spectrum.band.from / 1000), to: format.number(spectrum.band.to / 1000) })}`}
        </span>
      </div>
      <p className={styles.readout} aria-live="polite">
        {noise > 0
          ? t('vibration.cursorAt', {
              x: placed(x),
              amplitude: format.number(amplitude),
              unit,
              above: format.number(amplitude / noise),
            })
          : t('vibration.cursorAtPlain', { x: placed(x), amplitude: format.number(amplitude), unit })}
      </p>
      <SpectrumPlot
        spectrum={spectrum}
        marks={marks}
        cursor={cursor}
        onCursor={(line) => setPlace(xOf(spectrum, line))}
        axis={
          spectrum.axis === 's'
            ? t('vibration.milliseconds')
            : spectrum.axis === 'Hz'
              ? t('vibration.hertz')
              : t('vibration.orders')
        }
        unit={unit}
        label={t('vibration.plotLabel', {
          view: t(`vibration.view.${spectrum.kind === 'displacement' ? 'velocity' : spectrum.kind}`),
          amplitude: format.number(spectrum.amplitude[top]),
          unit,
          frequency: placed(xOf(spectrum, top)),
        })}
      />
    </>
  )
}
