import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { episodesQuery } from '../../api/services.ts'
import type { Service } from '../../api/types.ts'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { EpisodeView } from './episode-view.tsx'

interface EpisodeDrawerProps {
  service: Service
  id: string | undefined
  onClose: () => void
}

/** One episode beside the list. */
export function EpisodeDrawer({ service, id, onClose }: EpisodeDrawerProps) {
  const narrow = useMediaQuery('(max-width: 720px)') ?? false
  const episodes = useQuery({ ...episodesQuery(service.id), enabled: id !== undefined })
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      size={narrow ? '100%' : 640}
      title={t('models.episode')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {id !== undefined && (
        <Loaded query={episodes} skeleton={<PanelSkeleton height={320} />}>
          {(data) => {
            const episode = data.find((one) => one.id === id)
            return episode === undefined ? (
              <EmptyState>{t('models.episodeGone')}</EmptyState>
            ) : (
              <EpisodeView key={id} service={service} episode={episode} />
            )
          }}
        </Loaded>
      )}
    </Drawer>
  )
}
