import { Navigate } from '@tanstack/react-router'
import { useTrustPages } from './nav.tsx'

/** Goes on to the first page of trust that this person may see. */
export function TrustPage() {
  const first = useTrustPages()[0]!
  return <Navigate to={first.to} replace />
}
