'use client'
import { RUN_EXPORT_FORMATS } from '@cairn/sdk/protocol'
import { Columns3, Download } from 'lucide-react'
import { DropdownMenu as Menu } from 'radix-ui'
import { Button } from '@/ui/button'
import { COLUMN_NAMES, COLUMNS, type ColumnName } from './columns'

const CONTENT = 'z-40 max-h-96 min-w-44 overflow-auto rounded-md border bg-panel p-1 shadow-lg'
const ITEM = 'flex cursor-pointer items-center gap-2 rounded px-2 py-1 outline-none data-[highlighted]:bg-raised'

export function ColumnsMenu({ columns, onChange }: { columns: readonly ColumnName[]; onChange: (columns: ColumnName[]) => void }) {
  return (
    <Menu.Root>
      <Menu.Trigger asChild>
        <Button>
          <Columns3 size={14} aria-hidden /> Columns
        </Button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content align="end" sideOffset={6} className={CONTENT}>
          {COLUMN_NAMES.map((name) => (
            <Menu.CheckboxItem
              key={name}
              className={ITEM}
              checked={columns.includes(name)}
              // The agent is the link to the run.
              disabled={name === 'agent'}
              onSelect={(event) => event.preventDefault()}
              onCheckedChange={(isIn) => onChange(COLUMN_NAMES.filter((one) => (one === name ? isIn : columns.includes(one))))}
            >
              <span aria-hidden className="w-3">
                {columns.includes(name) ? '✓' : ''}
              </span>
              {COLUMNS[name].label}
            </Menu.CheckboxItem>
          ))}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  )
}

const FORMATS = { jsonl: 'JSON lines', csv: 'CSV', parquet: 'Parquet' } as const

interface ExportMenuProps {
  /** Null: what is meant can't be read, so there is nothing to export. */
  readonly query: string | null
  readonly subAgents: boolean
  readonly sort: string
  readonly order: string
}

/** All that matches, with inputs and outputs, as a file. */
export function ExportMenu({ query, subAgents, sort, order }: ExportMenuProps) {
  const asked = { query: query ?? '', sort, order, ...(subAgents ? {} : { topLevel: 'true' }) }
  return (
    <Menu.Root>
      <Menu.Trigger asChild>
        <Button disabled={query === null}>
          <Download size={14} aria-hidden /> Export
        </Button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content align="end" sideOffset={6} className={CONTENT}>
          {RUN_EXPORT_FORMATS.map((format) => (
            <Menu.Item key={format} asChild>
              <a className={ITEM} href={`/download/runs/export?${new URLSearchParams({ ...asked, format })}`} download>
                {FORMATS[format]}
              </a>
            </Menu.Item>
          ))}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  )
}
