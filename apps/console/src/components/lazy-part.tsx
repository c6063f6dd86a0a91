import { type ComponentType, lazy } from 'react'
import { ErrorState } from './states.tsx'

/** A part of a page whose code comes when it is drawn; should it not come, its place says so and the page stands. */
export const lazyPart = <P extends object>(load: () => Promise<ComponentType<P>>) =>
  lazy(() =>
    load().then(
      (part) => ({ default: part }),
      (error: unknown) => ({
        default: (() => <ErrorState error={error} onRetry={() => location.reload()} />) as ComponentType<P>,
      }),
    ),
  )
