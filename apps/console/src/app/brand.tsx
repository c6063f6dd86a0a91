/** The mark: an M as a trace over a plate. */
export function BrandMark({ className, size = 24 }: { className?: string | undefined; size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} className={className} aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--mw-accent)" />
      <path
        d="M7 23V10l4.5 6L16 10l4.5 6L25 10v13"
        fill="none"
        stroke="var(--mw-on-accent)"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}

// The product's name is a name: it is the same in every language.
export const PRODUCT = 'Millwright'
