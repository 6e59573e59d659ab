'use client'
import { Fragment, type ReactNode } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { safeAddress } from './safe-address'
import { VisibleText } from './visible-text'

const PLUGINS = [remarkGfm]

const shown = (children: ReactNode): ReactNode =>
  typeof children === 'string' ? (
    <VisibleText text={children} />
  ) : Array.isArray(children) ? (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never change places
    children.map((child: ReactNode, i) => <Fragment key={i}>{typeof child === 'string' ? <VisibleText text={child} /> : child}</Fragment>)
  ) : (
    children
  )

/** Headings of a message are not headings of the page. */
const heading = ({ children }: { children?: ReactNode }) => <p className="font-semibold">{shown(children)}</p>

const COMPONENTS: Components = {
  a: ({ href, children }) => {
    const address = safeAddress(href)
    if (address === null) return <>{shown(children)}</>
    return (
      <a href={address} target="_blank" rel="noopener noreferrer nofollow" className="text-accent underline [overflow-wrap:anywhere]">
        {shown(children)}
        {String(children) !== address && <span className="text-muted no-underline"> ({address})</span>}
      </a>
    )
  },
  // Loading it would tell its host that, and from where, somebody reads this.
  img: ({ src, alt }) => (
    <span className="rounded border px-1 text-muted">
      image{alt ? ` “${alt}”` : ''}{' '}
      {typeof src === 'string' && <bdi className="font-mono [overflow-wrap:anywhere]">{src.slice(0, 300)}</bdi>}
    </span>
  ),
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  p: ({ children }) => <p>{shown(children)}</p>,
  li: ({ children }) => <li>{shown(children)}</li>,
  td: ({ children }) => <td>{shown(children)}</td>,
  th: ({ children }) => <th>{shown(children)}</th>,
  strong: ({ children }) => <strong>{shown(children)}</strong>,
  em: ({ children }) => <em>{shown(children)}</em>,
  del: ({ children }) => <del>{shown(children)}</del>,
  code: ({ children }) => <code>{shown(children)}</code>,
  input: ({ checked }) => <span aria-hidden>{checked ? '☑' : '☐'}</span>,
}

/** Raw HTML is left as text, and addresses are judged by `safeAddress` alone. */
export default function Markdown({ text }: { text: string }) {
  return (
    <div dir="auto" className="prose-text min-w-0 [overflow-wrap:anywhere]">
      <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS} urlTransform={(url) => url}>
        {text}
      </ReactMarkdown>
    </div>
  )
}
