import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `npm run dev` finds the platform; the built console is served by the platform itself. */
const platform = process.env['MILLWRIGHT_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  server: {
    // The platform takes changes and live links only from its own origin.
    proxy: { '/api': { target: platform, ws: true, changeOrigin: true, headers: { origin: platform } } },
  },
  build: {
    target: 'es2022',
    // The engine of the platform serves every file with its hash in the name as immutable.
    assetsDir: 'assets',
    // Charts are large by nature and come only with the pages that draw them.
    chunkSizeWarningLimit: 700,
  },
})
