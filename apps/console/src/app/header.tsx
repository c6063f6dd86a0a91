import { Kbd, Menu, Tooltip, useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { forget, signOut, useSession } from '../api/session.ts'
import { IconKey, IconKeyboard, IconLogout, IconMoon, IconSearch, IconSun } from '../components/icons.ts'
import { tellError } from '../components/tell.tsx'
import { closeLive, useLink } from '../live/link.ts'
import { t } from '../messages/index.tsx'
import { useFormat } from '../messages/use-format.ts'
import { openPalette } from './palette-store.ts'
import styles from './shell.module.css'

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)

export function Header() {
  const session = useSession()
  return (
    <header className={styles.header}>
      <span className={styles.tenant}>{session.tenant.name}</span>
      <span className={styles.spacer} />
      <button
        type="button"
        className={styles.find}
        onClick={openPalette}
        aria-keyshortcuts={isApple ? 'Meta+K' : 'Control+K'}
      >
        <IconSearch size={16} aria-hidden />
        <span className={styles.findLabel}>{t('shell.find')}</span>
        <Kbd size="xs">{isApple ? '⌘K' : 'Ctrl K'}</Kbd>
      </button>
      <LinkMark />
      <AccountMenu />
    </header>
  )
}

function LinkMark() {
  const link = useLink()
  const format = useFormat()
  const label = {
    open: t('shell.linkLive'),
    lost: t('shell.linkLostShort'),
    refused: t('shell.linkRefusedShort'),
    connecting: t('shell.linkConnecting'),
    closed: t('shell.linkConnecting'),
  }[link.state]
  return (
    <Tooltip label={t('shell.linkLiveHelp', { time: format.time(link.since * 1000) })} disabled={link.state !== 'open'}>
      <span className={styles.link} data-state={link.state} role="status">
        <span className={styles.linkDot} aria-hidden />
        <span className={styles.linkLabel}>{label}</span>
      </span>
    </Tooltip>
  )
}

function AccountMenu() {
  const { user } = useSession()
  const navigate = useNavigate()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const initials = user.name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase()
  const next = colorScheme === 'auto' ? 'light' : colorScheme === 'light' ? 'dark' : 'auto'
  const mode = { auto: t('shell.system'), light: t('shell.light'), dark: t('shell.dark') }[colorScheme]
  const leave = async () => {
    try {
      await signOut()
    } catch (error) {
      tellError(error)
      return
    }
    closeLive()
    forget()
    await navigate({ to: '/sign-in' })
  }
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <button type="button" className={styles.avatar} aria-label={t('shell.account', { name: user.name })}>
          {initials}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item
          closeMenuOnClick={false}
          leftSection={colorScheme === 'dark' ? <IconMoon size={16} aria-hidden /> : <IconSun size={16} aria-hidden />}
          onClick={() => setColorScheme(next)}
        >
          {t('shell.theme', { mode })}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={16} aria-hidden />}
          onClick={() => void navigate({ to: '/settings', hash: 'keyboard' })}
        >
          {t('shell.keyboard')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKey size={16} aria-hidden />}
          onClick={() => void navigate({ to: '/set-password' })}
        >
          {t('shell.changePassword')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
