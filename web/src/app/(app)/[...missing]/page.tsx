import { notFound } from 'next/navigation'

/** An address that is no page, within the shell. */
export default function Page(): never {
  notFound()
}
