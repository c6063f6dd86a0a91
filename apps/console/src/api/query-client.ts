import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './types.ts'

let signedOut: () => void = () => {}

/** What happens when the API says that nobody is signed in any more. */
export const onSignedOut = (handler: () => void): void => {
  signedOut = handler
}

const watch = (error: unknown) => {
  if (error instanceof ApiError && error.status === 401) signedOut()
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => query.queryKey[0] !== 'session' && watch(error) }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      // What the API refuses stays refused: only an unreachable or troubled platform is asked again.
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
    },
  },
})
