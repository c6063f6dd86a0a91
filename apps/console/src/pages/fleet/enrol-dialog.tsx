import { Button, Group, Modal, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { infoQuery } from '../../api/platform.ts'
import type { Device } from '../../api/types.ts'
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

/** The one-time token of a device, with the commands that use it. */
export function EnrolDialog({ device, opened, onClose }: { device: Device; opened: boolean; onClose: () => void }) {
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
        <p>{t('fleet.enrolIntro')}</p>
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
            {info.data !== undefined && (
              <>
                <CopyField label={t('fleet.enrolCommand')} value={enrolCommand(info.data, made.token)} />
                <CopyField label={t('fleet.enrolPublish')} value={certificatePublish(info.data)} />
                <CopyField label={t('fleet.enrolHttp')} value={certificatePost(info.data)} />
              </>
            )}
            <CopyField label={t('fleet.fingerprint')} value={made.authorityFingerprint} />
          </>
        )}
      </Stack>
    </Modal>
  )
}
