import { NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Signal } from '../../api/types.ts'
import { RangePicker } from '../../charts/range-picker.tsx'
import { spanOf } from '../../charts/time-range.ts'
import { useRange } from '../../charts/use-range.ts'
import { download, fileName } from '../../components/download.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'

const FORMATS = ['csv', 'json', 'parquet', 'arrow'] as const
const LAYOUTS = ['long', 'wide'] as const
// Names of formats are names: the same in every language.
const NAMES = { csv: 'CSV', json: 'JSON', parquet: 'Apache Parquet', arrow: 'Apache Arrow' }
const MOST = 500

/** Readings of chosen signals over the shared time range, as a file. */
export function ExportDialog({
  signals,
  opened,
  onClose,
}: {
  signals: readonly Signal[]
  opened: boolean
  onClose: () => void
}) {
  const [range] = useRange()
  const [format, setFormat] = useState<(typeof FORMATS)[number]>('csv')
  const [layout, setLayout] = useState<(typeof LAYOUTS)[number]>('long')
  const [step, setStep] = useState<string | number>('')
  const start = async () => {
    const { from, to } = spanOf(range, Date.now() * 1000)
    const response = await api.exportReadings({
      body: {
        signals: signals.slice(0, MOST).map((signal) => signal.id),
        from: Math.round(from),
        to: Math.round(to),
        format,
        layout,
        ...(step === '' ? {} : { step: Math.round(Number(step) * 1_000_000) }),
      },
    })
    const name = signals.length === 1 ? `${signals[0]!.equipmentName ?? ''} ${signals[0]!.name}` : 'readings'
    download(fileName(name, format), await response.blob())
    tell(t('data.exporting'))
  }
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={t('data.exportTitle')}
      action={t('data.exportStart')}
      ready={signals.length > 0 && (step === '' || Number(step) >= 0.001) && (layout === 'long' || step !== '')}
      onSubmit={start}
    >
      <p>{t('data.exportHelp')}</p>
      <RangePicker />
      <Select
        label={t('data.format')}
        data={FORMATS.map((value) => ({ value, label: NAMES[value] }))}
        value={format}
        onChange={(value) => setFormat(FORMATS.find((one) => one === value) ?? 'csv')}
        allowDeselect={false}
      />
      <Select
        label={t('data.layout')}
        data={LAYOUTS.map((value) => ({ value, label: t(`data.layout.${value}`) }))}
        value={layout}
        onChange={(value) => {
          setLayout(value === 'wide' ? 'wide' : 'long')
          if (value === 'wide' && step === '') setStep(1)
        }}
        allowDeselect={false}
      />
      <NumberInput
        label={t('data.step')}
        description={t('data.stepHelp')}
        value={step}
        onChange={setStep}
        min={0.001}
        hideControls
      />
    </FormDialog>
  )
}
