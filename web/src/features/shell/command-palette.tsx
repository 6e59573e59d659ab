'use client'
import { Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import { Button } from '@/ui/button'

const CommandDialog = dynamic(() => import('./command-dialog').then((module) => module.CommandDialog), { ssr: false })

/** Opens the palette: Ctrl-K or ⌘K. Its code comes when it is first opened. */
export function CommandPalette() {
  const [open, setOpen] = useState(false)
  const [wasOpened, setWasOpened] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      setOpen((before) => !before)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  useEffect(() => {
    if (open) setWasOpened(true)
  }, [open])
  return (
    <>
      <Button variant="ghost" size="small" className="justify-start" onClick={() => setOpen(true)}>
        <Search size={14} aria-hidden /> <span className="sr-only md:not-sr-only">Go to</span>
        <kbd className="ml-auto hidden font-mono text-2xs md:inline">⌘K</kbd>
      </Button>
      {wasOpened && <CommandDialog open={open} onOpenChange={setOpen} />}
    </>
  )
}
