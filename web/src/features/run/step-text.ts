interface Progress {
  readonly status: string
  readonly steps: { readonly done: number; readonly total?: number | undefined }
}

/** "step 12 of 15" while a run is in its twelfth step or died in it; "15 of 15 steps" when it is through. */
export function stepText({ status, steps }: Progress): string {
  const of = steps.total === undefined ? '' : ` of ${Math.max(steps.total, steps.done)}`
  if (status === 'succeeded' || steps.done === 0 || (steps.total !== undefined && steps.done >= steps.total))
    return `${steps.done}${of} ${steps.done === 1 && of === '' ? 'step' : 'steps'}`
  return `step ${steps.done + 1}${of}`
}
