/** Four stones. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden fill="currentColor" className="text-accent">
      <ellipse cx="12" cy="20.2" rx="9" ry="2.6" />
      <ellipse cx="12.4" cy="14.8" rx="6.6" ry="2.3" />
      <ellipse cx="11.7" cy="10" rx="4.6" ry="1.9" />
      <ellipse cx="12.2" cy="5.9" rx="2.9" ry="1.6" />
    </svg>
  )
}
