import { Kbd, SegmentedControl, Select, Stack, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { infoQuery } from '../../api/platform.ts'
import { useSession } from '../../api/session.ts'
import { setPreferences, usePreferences } from '../../app/preferences.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { Columns, Facts, Page, Panel, Stacked } from '../../components/page.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { KEYS } from './keys.ts'
import styles from './settings.module.css'

const SCHEMES = ['auto', 'light', 'dark'] as const
const DENSITIES = ['comfortable', 'compact'] as const
const UNITS = ['metric', 'imperial'] as const
const LOCALES = [
  'en-GB',
  'en-US',
  'de-DE',
  'fr-FR',
  'es-ES',
  'it-IT',
  'nl-NL',
  'pl-PL',
  'pt-BR',
  'sv-SE',
  'ja-JP',
  'zh-CN',
]

/** How the console looks to this person, who they are, and what this platform is. */
export function SettingsPage() {
  return (
    <Page title={t('settings.title')} answer={t('settings.answer')}>
      <Columns>
        <Stacked>
          <Look />
          <Words />
        </Stacked>
        <Stacked>
          <Account />
          <About />
        </Stacked>
      </Columns>
      <Keyboard />
    </Page>
  )
}

function Look() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { density } = usePreferences()
  return (
    <Panel title={t('settings.look')}>
      <Stack gap="md">
        <Choice label={t('settings.theme')}>
          <SegmentedControl
            aria-label={t('settings.theme')}
            value={colorScheme}
            onChange={(value) => setColorScheme(SCHEMES.find((one) => one === value) ?? 'auto')}
            data={SCHEMES.map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
          />
        </Choice>
        <Choice label={t('settings.density')}>
          <SegmentedControl
            aria-label={t('settings.density')}
            value={density}
            onChange={(value) => setPreferences({ density: value === 'compact' ? 'compact' : 'comfortable' })}
            data={DENSITIES.map((value) => ({ value, label: t(`settings.density.${value}`) }))}
          />
        </Choice>
      </Stack>
    </Panel>
  )
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.choice}>
      <span className={styles.label}>{label}</span>
      {children}
    </div>
  )
}

function Words() {
  const kept = usePreferences()
  const format = useFormat()
  const names = new Intl.DisplayNames([navigator.language], { type: 'language' })
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Panel title={t('settings.words')}>
      <Stack gap="md">
        <Select
          label={t('settings.locale')}
          data={[
            {
              value: '',
              label: t('settings.localeBrowser', { locale: names.of(navigator.language) ?? navigator.language }),
            },
            ...LOCALES.map((value) => ({ value, label: names.of(value) ?? value })),
          ]}
          value={kept.locale}
          onChange={(value) => setPreferences({ locale: value ?? '' })}
          allowDeselect={false}
          searchable
        />
        <Select
          label={t('settings.timeZone')}
          data={[
            { value: '', label: t('settings.timeZoneBrowser', { zone: here }) },
            { value: 'UTC', label: 'UTC' },
            ...Intl.supportedValuesOf('timeZone')
              .filter((zone) => zone !== 'UTC')
              .map((value) => ({ value, label: value.replaceAll('_', ' ') })),
          ]}
          value={kept.timeZone}
          onChange={(value) => setPreferences({ timeZone: value ?? '' })}
          allowDeselect={false}
          searchable
        />
        <Select
          label={t('settings.units')}
          description={t('settings.unitsHelp')}
          data={UNITS.map((value) => ({ value, label: t(`settings.units.${value}`) }))}
          value={kept.units}
          onChange={(value) => setPreferences({ units: value === 'imperial' ? 'imperial' : 'metric' })}
          allowDeselect={false}
        />
        <p className={styles.sample}>
          {t('settings.sample', {
            number: format.number(1234.5),
            time: format.dateTime(Date.now() * 1000),
            temperature: `${format.value(21.5, 'Cel')} ${format.unit('Cel')}`,
          })}
        </p>
      </Stack>
    </Panel>
  )
}

function Account() {
  const { user, tenant, expiresAt } = useSession()
  const format = useFormat()
  return (
    <Panel
      title={t('settings.account')}
      actions={
        <LinkButton to="/set-password" variant="default" size="xs">
          {t('settings.changePassword')}
        </LinkButton>
      }
    >
      <Facts
        items={[
          [t('settings.signedInAs'), `${user.name} (${user.email})`],
          [t('settings.tenant'), tenant.name],
          [t('settings.sessionEnds'), format.dateTime(expiresAt)],
        ]}
      />
    </Panel>
  )
}

const CLOSE = 2_000_000

function About() {
  const info = useQuery({ ...infoQuery, staleTime: 0 })
  const format = useFormat()
  return (
    <Panel title={t('settings.about')}>
      <Loaded query={info} skeleton={<PanelSkeleton height={120} />}>
        {(data) => {
          const apart = data.time - info.dataUpdatedAt * 1000
          const span = format.duration(Math.abs(apart))
          return (
            <Facts
              items={[
                [t('settings.version'), `${data.name} ${data.version}`],
                [t('settings.api'), data.publicUrl],
                [t('settings.mqtt'), `${data.mqtt.host}:${data.mqtt.port}`],
                [
                  t('settings.clock'),
                  Math.abs(apart) < CLOSE
                    ? t('settings.clockSame')
                    : apart > 0
                      ? t('settings.clockAhead', { span })
                      : t('settings.clockBehind', { span }),
                ],
                [t('settings.fingerprint'), data.authorityFingerprint],
              ]}
            />
          )
        }}
      </Loaded>
    </Panel>
  )
}

function Keyboard() {
  return (
    <div id="keyboard">
      <Panel title={t('settings.keyboard')}>
        <div className={styles.keyboard}>
          {KEYS.map((group) => (
            <section key={group.title} aria-label={t(group.title)}>
              <h3 className={styles.groupTitle}>{t(group.title)}</h3>
              <dl className={styles.keys}>
                {group.keys.map(({ keys, does }) => (
                  <div key={does}>
                    <dt>
                      {keys.map((key) => (
                        <Kbd key={key} size="xs">
                          {key}
                        </Kbd>
                      ))}
                    </dt>
                    <dd>{t(does)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </Panel>
    </div>
  )
}
