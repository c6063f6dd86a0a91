const KEY = 'millwright.reloaded'
const ONCE_PER = 60_000

/** A window that was open while the platform was updated asks for files that are gone: it reloads, but never in a circle. */
export function reloadOnStaleBuild(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(KEY) ?? 0)
    if (Date.now() - last < ONCE_PER) return
    sessionStorage.setItem(KEY, String(Date.now()))
    event.preventDefault()
    location.reload()
  })
}
