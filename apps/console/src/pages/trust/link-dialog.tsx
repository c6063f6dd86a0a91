import { Modal, Stack } from '@mantine/core'
import { CopyField } from '../../components/copy-field.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'

export interface SignInLink {
  readonly name: string
  readonly link: string
  readonly expiresAt: number | undefined
}

/** A one-time sign-in link, shown once. */
export function LinkDialog({ made, onClose }: { made: SignInLink | undefined; onClose: () => void }) {
  const format = useFormat()
  return (
    <Modal
      opened={made !== undefined}
      onClose={onClose}
      size="lg"
      title={made && t('trust.inviteLink', { name: made.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {made !== undefined && (
        <Stack gap="md">
          <p>{t('trust.inviteLinkHelp')}</p>
          <CopyField label={t('trust.inviteLink', { name: made.name })} value={made.link} once />
          {made.expiresAt !== undefined && <p>{t('trust.linkUntil', { time: format.dateTime(made.expiresAt) })}</p>}
        </Stack>
      )}
    </Modal>
  )
}
