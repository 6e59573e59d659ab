import { formatMs } from '@/lib/format'
import { cn } from '@/ui/cn'
import { Minimap, type MinimapProps } from './minimap'
import type { TimeAxis } from './time-axis'
import { NAME_WIDTH } from './trace-row'

const TICKS = [0, 0.25, 0.5, 0.75, 1] as const

/** Above the lines, and in line with their bars: the whole trace small, and the times of the part in view. */
export function AxisHeader({ shown, ...minimap }: MinimapProps & { readonly shown: TimeAxis }) {
  return (
    <div className="border-b">
      <div className="flex">
        <p className="hidden shrink-0 items-end overflow-hidden px-3 pb-1 text-2xs text-muted md:flex" style={{ width: NAME_WIDTH }}>
          Drag over a part to zoom into it
        </p>
        <Minimap {...minimap} />
        <div className="w-3 shrink-0" />
      </div>
      <div
        aria-hidden
        className="@container tabular relative hidden h-4 border-t text-2xs text-muted md:block"
        style={{ marginLeft: NAME_WIDTH, marginRight: 12 }}
      >
        {TICKS.map((x) => (
          <span
            key={x}
            className={cn(
              'absolute whitespace-nowrap px-1',
              (x === 0.25 || x === 0.75) && '@max-sm:hidden',
              x === 0.5 && '@max-[11rem]:hidden',
            )}
            style={x === 1 ? { right: 0 } : { left: `${x * 100}%`, ...(x === 0 ? {} : { borderLeft: '1px solid var(--line)' }) }}
          >
            {formatMs(shown.timeAt(x) / 1e6)}
          </span>
        ))}
      </div>
    </div>
  )
}
