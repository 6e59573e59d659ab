import { notFound } from 'next/navigation'

/** Every address that no page has: answered within the shell, so that a way on is there. */
export default function Page(): never {
  notFound()
}
