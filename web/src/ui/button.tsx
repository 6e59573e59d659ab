import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'

const variants = cva(
  'inline-flex h-8 shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border px-3 font-medium text-[13px] transition-colors disabled:cursor-not-allowed disabled:opacity-50',
  {
    variants: {
      variant: {
        primary: 'border-transparent bg-accent text-on-accent hover:opacity-90',
        plain: 'border-line bg-panel text-fg hover:bg-raised',
        danger: 'border-line bg-panel text-bad hover:bg-raised',
        ghost: 'border-transparent text-muted hover:bg-raised hover:text-fg',
      },
      size: { normal: '', small: 'h-7 px-2 text-xs', icon: 'w-8 px-0' },
    },
    defaultVariants: { variant: 'plain', size: 'normal' },
  },
)

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof variants> & { asChild?: boolean }

export function Button({ className, variant, size, asChild = false, type = 'button', ...props }: ButtonProps) {
  const classes = cn(variants({ variant, size }), className)
  return asChild ? <Slot.Root className={classes} {...props} /> : <button type={type} className={classes} {...props} />
}
