import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'
import type { FocusEvent } from 'react'

/** A quiet petrol: the only colour that normal things may carry, and only where one can act. */
const accent: MantineColorsTuple = [
  '#eff6f8',
  '#e0edf1',
  '#bfd9e1',
  '#9ccbda',
  '#86bccd',
  '#5f9db0',
  '#3d7d91',
  '#1f5f73',
  '#184c5c',
  '#123a47',
]

const dark: MantineColorsTuple = [
  '#e6e9eb',
  '#cdd3d7',
  '#a7b0b8',
  '#98a2aa',
  '#424b52',
  '#343c42',
  '#23292d',
  '#1a1e21',
  '#111416',
  '#0c0f10',
]

/** Filled in the accent: our own pair of colours, which holds its contrast in the light and in the dark. */
const variantColors: VariantColorsResolver = (input) => {
  const filled = input.variant === 'filled' && (input.color === undefined || input.color === 'accent')
  if (!filled) return defaultVariantColorsResolver(input)
  return {
    background: 'var(--mw-accent)',
    hover: 'var(--mw-accent-hover)',
    color: 'var(--mw-on-accent)',
    border: '1px solid transparent',
  }
}

export const theme = createTheme({
  variantColorResolver: variantColors,
  colors: { accent, dark },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  fontFamily: "'Inter Variable', Inter, system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.4', md: '1.4', lg: '1.4', xl: '1.3' },
  radius: { xs: '4px', sm: '6px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'sm',
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } },
    Modal: {
      defaultProps: { centered: true, transitionProps: { duration: 120 }, overlayProps: { backgroundOpacity: 0.4 } },
    },
    Drawer: { defaultProps: { position: 'right', transitionProps: { duration: 140 } } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Tooltip: {
      defaultProps: {
        openDelay: 400,
        transitionProps: { duration: 80 },
        events: { hover: true, focus: true, touch: false },
      },
    },
    Select: {
      defaultProps: {
        comboboxProps: { transitionProps: { duration: 80 } },
        // What one types takes the place of what was chosen before.
        onFocus: (event: FocusEvent<HTMLInputElement>) => event.currentTarget.select(),
      },
    },
    TextInput: { defaultProps: { size: 'sm' } },
  },
})

const shared = {
  '--mantine-color-body': 'var(--mw-panel)',
  '--mantine-color-text': 'var(--mw-text)',
  '--mantine-color-dimmed': 'var(--mw-muted)',
  '--mantine-color-placeholder': 'var(--mw-faint)',
  '--mantine-color-default': 'var(--mw-panel)',
  '--mantine-color-default-hover': 'var(--mw-raised)',
  '--mantine-color-default-color': 'var(--mw-text)',
  '--mantine-color-default-border': 'var(--mw-control-line)',
  '--mantine-color-error': 'var(--mw-critical)',
  '--mantine-color-anchor': 'var(--mw-accent)',
  '--mantine-color-gray-light-color': 'var(--mw-muted)',
  '--mantine-color-gray-text': 'var(--mw-muted)',
  '--mantine-color-gray-light-hover': 'var(--mw-raised)',
  '--mantine-color-accent-text': 'var(--mw-accent)',
  '--mantine-color-accent-light': 'var(--mw-accent-soft)',
  '--mantine-color-accent-light-color': 'var(--mw-accent)',
  '--mantine-color-red-text': 'var(--mw-critical)',
  '--mantine-color-red-light': 'var(--mw-critical-soft)',
  '--mantine-color-red-light-color': 'var(--mw-critical)',
}

/** Mantine's own colours, tied to our tokens, so that both change together. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...shared, '--mantine-color-red-filled': '#b8141b', '--mantine-color-red-filled-hover': '#9a1016' },
  dark: { ...shared, '--mantine-color-red-filled': '#d23a3f', '--mantine-color-red-filled-hover': '#e14a4f' },
})
