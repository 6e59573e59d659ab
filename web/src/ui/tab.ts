/** Look of a tab's trigger: the active one is underlined. */
export const TAB =
  'border-b-2 border-transparent px-1 py-2 text-muted data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-fg'
