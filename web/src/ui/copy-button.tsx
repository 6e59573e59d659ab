'use client'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button'

interface CopyButtonProps {
  /** A text, or what makes it when it is asked for. */
  readonly text: string | (() => string | Promise<string>)
  /** What is copied, for readers who don't see it. */
  readonly label: string
  readonly show?: string
}

export function CopyButton({ text, label, show = 'Copy' }: CopyButtonProps) {
  const [said, setSaid] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text())
      setSaid('Copied')
    } catch {
      setSaid('Not allowed')
    }
    setTimeout(() => setSaid(''), 1_500)
  }
  return (
    <Button variant="ghost" size="small" aria-label={`Copy ${label}`} onClick={() => void copy()}>
      {said === 'Copied' ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
      <span aria-live="polite">{said || show}</span>
    </Button>
  )
}
