import { Button, Group, Modal, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { infoQuery } from '../../api/platform.ts'
import type { Device } from '../../api/types.ts'
import { useConfirm } from '../../components/confirm.tsx'
import { CopyField } from '../../components/copy-field.tsx'
import { Panel } from '../../components/page.tsx'
import { tell } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { tokenPost, tokenPublish } from './enrol-commands.ts'

/** The access token of a device that cannot hold a certificate: made, shown once, taken back. */
export function DeviceToken({ device }: { device: Device }) {
  const info = useQuery(infoQuery)
  const confirm = useConfirm()
  const [token, setToken] = useState<string>()
  const make = () =>
    confirm({
      title: t('fleet.tokenMake'),
      consequence: t('fleet.tokenReplace'),
      action: t('fleet.tokenMake'),
      run: async () => setToken((await api.createDeviceToken({ params: { id: device.id } })).token),
    })
  const revoke = () =>
    confirm({
      title: t('fleet.tokenRevokeTitle', { name: device.name }),
      consequence: t('fleet.tokenRevokeConsequence'),
      action: t('fleet.tokenRevoke'),
      danger: true,
      run: async () => {
        await api.revokeDeviceToken({ params: { id: device.id } })
        tell(t('fleet.tokenRevoked'), { target: device.id })
      },
    })
  return (
    <Panel title={t('fleet.token')}>
      <Stack gap="sm">
        <p>{t('fleet.tokenHelp')}</p>
        <Group gap="xs">
          <Button variant="default" onClick={make}>
            {t('fleet.tokenMake')}
          </Button>
          <Button variant="default" onClick={revoke}>
            {t('fleet.tokenRevoke')}
          </Button>
        </Group>
      </Stack>
      <Modal
        opened={token !== undefined}
        onClose={() => setToken(undefined)}
        size="lg"
        title={t('fleet.tokenTitle', { name: device.name })}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {token !== undefined && (
          <Stack gap="md">
            <CopyField label={t('fleet.token')} value={token} once />
            {info.data !== undefined && (
              <>
                <CopyField label={t('fleet.tokenMqtt')} value={tokenPublish(info.data, token)} />
                <CopyField label={t('fleet.tokenHttp')} value={tokenPost(info.data, token)} />
              </>
            )}
          </Stack>
        )}
      </Modal>
    </Panel>
  )
}
