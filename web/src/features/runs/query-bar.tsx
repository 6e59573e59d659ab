'use client'
import { completeRunQuery, type KnownValue, parseRunQuery, type RunQueryField } from '@cairn/sdk/protocol'
import { X } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react'
import { flushSync } from 'react-dom'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'

interface QueryBarProps {
  readonly value: string
  readonly onChange: (query: string) => void
  readonly known: Partial<Record<RunQueryField, readonly KnownValue[]>>
  readonly inputRef: RefObject<HTMLInputElement | null>
}

/** A query with completion: arrows choose, Tab takes, Enter searches, Escape closes. What is wrong is said under its place. */
export function QueryBar({ value, onChange, known, inputRef }: QueryBarProps) {
  const id = useId()
  const [text, setText] = useState(value)
  const [caret, setCaret] = useState(value.length)
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  useEffect(() => setText(value), [value])
  const { from, to, items } = completeRunQuery(text, caret, known)
  const { errors } = parseRunQuery(text)
  // What is being typed right now is no mistake yet.
  const shown = isOpen && errors.every(({ place }) => place[1] >= caret && place[0] <= caret) ? [] : errors
  const isListed = isOpen && items.length > 0
  const apply = (next: string) => {
    setOpen(false)
    setActive(-1)
    if (parseRunQuery(next).errors.length === 0) onChange(next.trim())
  }
  const take = (index: number) => {
    const item = items[index]
    if (item === undefined) return
    const next = text.slice(0, from) + item.insert + text.slice(to).replace(/^ /, '')
    const at = from + item.insert.length
    // At once: with the next frame the caret would go back behind what was typed meanwhile.
    flushSync(() => {
      setText(next)
      setCaret(at)
      setActive(-1)
      setOpen(true)
    })
    inputRef.current?.focus()
    inputRef.current?.setSelectionRange(at, at)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (move !== 0) {
      event.preventDefault()
      setOpen(true)
      if (isListed) setActive((active + move + items.length + (active < 0 && move < 0 ? 1 : 0)) % items.length)
    } else if (event.key === 'Tab' && isListed && !event.shiftKey && (active >= 0 || to > from)) {
      event.preventDefault()
      take(Math.max(active, 0))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (isListed && active >= 0) take(active)
      else apply(text)
    } else if (event.key === 'Escape') {
      if (!isOpen) inputRef.current?.blur()
      setOpen(false)
      setActive(-1)
    }
  }
  return (
    <div className="relative min-w-0 flex-1">
      <input
        ref={inputRef}
        role="combobox"
        aria-label="Query"
        aria-expanded={isListed}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isListed && active >= 0 ? `${id}-${active}` : undefined}
        aria-invalid={shown.length > 0}
        aria-describedby={shown.length > 0 ? `${id}-errors` : undefined}
        value={text}
        spellCheck={false}
        autoComplete="off"
        placeholder='status:failed cost:>0.5 "refund policy"'
        onChange={(event) => {
          setText(event.target.value)
          setCaret(event.target.selectionStart ?? event.target.value.length)
          setOpen(true)
          setActive(-1)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        className={cn('h-8 w-full rounded-md border bg-panel px-2.5 pr-8 font-mono text-xs', shown.length > 0 && 'border-bad')}
      />
      {text !== '' && (
        <Button
          variant="ghost"
          size="icon"
          aria-label="Clear the query"
          className="absolute top-0 right-0"
          onClick={() => {
            setText('')
            apply('')
          }}
        >
          <X size={13} aria-hidden />
        </Button>
      )}
      {isListed && (
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label="Suggestions"
          className="absolute top-9 left-0 z-30 max-h-80 w-[min(28rem,100%)] overflow-auto rounded-md border bg-panel py-1 shadow-lg"
        >
          {items.map((item, i) => (
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the input, which names the active one
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the input's
            <div
              key={item.label}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(i)}
              className={cn('flex cursor-pointer justify-between gap-4 px-2.5 py-1', i === active ? 'bg-raised' : 'hover:bg-raised')}
            >
              <span className="truncate font-mono text-xs">{item.label}</span>
              <span className="shrink-0 text-2xs text-muted">{item.detail}</span>
            </div>
          ))}
        </div>
      )}
      {shown.length > 0 && (
        <div id={`${id}-errors`} role="alert">
          <ul className="mt-1 space-y-0.5 text-xs">
            {shown.slice(0, 3).map(({ place, message, remedy }) => (
              <li key={`${place[0]}-${message}`} className="text-bad">
                <span className="font-mono text-muted" aria-hidden>
                  {text.slice(Math.max(0, place[0] - 12), place[0])}
                  <mark className="bg-transparent text-bad underline decoration-wavy">{text.slice(...place).slice(0, 40)}</mark>{' '}
                </span>
                <span className="sr-only">Character {place[0] + 1}: </span>
                {message} {remedy}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
