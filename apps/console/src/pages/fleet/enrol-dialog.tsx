import { Button, Group, Modal, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { infoQuery } from '../../api/platform.ts'
import type { Device, PlatformInfo } from '../../api/types.ts'
import { CopyField } from '../../components/copy-field.tsx'
import { ErrorState } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { certificatePost, certificatePublish, enrolCommand } from './enrol-commands.ts'

const HOUR = 3_600_000_000
const CHOICES = [HOUR / 4, HOUR, 24 * HOUR, 7 * 24 * HOUR]

interface Made {
  readonly token: string
  readonly expiresAt: number
  readonly authorityFingerprint: string
}

interface EnrolDialogProps {
  device: Pick<Device, 'id' | 'name'>
  opened: boolean
  onClose: () => void
  intro?: string
  /** What to run with the token, each with what it is. */
  commands?: (info: PlatformInfo, token: string) => readonly (readonly [label: string, command: string])[]
}

const deviceCommands: NonNullable<EnrolDialogProps['commands']> = (info, token) => [
  [t('fleet.enrolCommand'), enrolCommand(info, token)],
  [t('fleet.enrolPublish'), certificatePublish(info)],
  [t('fleet.enrolHttp'), certificatePost(info)],
]

/** The one-time token of a device, with the commands that use it. */
export function EnrolDialog({
  device,
  opened,
  onClose,
  intro = t('fleet.enrolIntro'),
  commands = deviceCommands,
}: EnrolDialogProps) {
  const format = useFormat()
  const info = useQuery(infoQuery)
  const [validFor, setValidFor] = useState(HOUR)
  const [made, setMade] = useState<Made>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const make = async () => {
    setBusy(true)
    setError(undefined)
    try {
      setMade(await api.createEnrolmentToken({ params: { id: device.id }, body: { validFor } }))
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  const close = () => {
    setMade(undefined)
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title={t('fleet.enrolTitle', { name: device.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        <p>{intro}</p>
        {error !== undefined && <ErrorState error={error} />}
        {made === undefined ? (
          <Group align="end">
            <Select
              label={t('fleet.enrolValid')}
              data={CHOICES.map((value) => ({ value: String(value), label: format.duration(value) }))}
              value={String(validFor)}
              onChange={(value) => value !== null && setValidFor(Number(value))}
              allowDeselect={false}
              w={160}
            />
            <Button loading={busy} onClick={() => void make()}>
              {t('fleet.enrolMake')}
            </Button>
          </Group>
        ) : (
          <>
            <CopyField label={t('fleet.enrolToken')} value={made.token} once />
            <p>{t('fleet.enrolUntil', { time: format.dateTime(made.expiresAt) })}</p>
            {info.data !== undefined &&
              commands(info.data, made.token).map(([label, command]) => (
                <CopyField key={label} label={label} value={command} />
              ))}
            <CopyField label={t('fleet.fingerprint')} value={made.authorityFingerprint} />
          </>
        )}
      </Stack>
    </Modal>
  )
}
