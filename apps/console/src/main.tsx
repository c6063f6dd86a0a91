import '@fontsource-variable/inter/wght.css'
import './theme/mantine-styles.ts'
import './theme/tokens.css'
import './theme/base.css'
import { createRoot } from 'react-dom/client'
import { Root } from './app/root.tsx'
import { reloadOnStaleBuild } from './app/stale-build.ts'

reloadOnStaleBuild()
createRoot(document.getElementById('root')!).render(<Root />)
