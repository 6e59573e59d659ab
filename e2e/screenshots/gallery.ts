import type { Shot } from './shots.ts'

/** The index of the pictures, as Markdown. */
export function toGallery(shots: Readonly<Record<'full' | 'empty', readonly Shot[]>>): string {
  const table = (kind: 'full' | 'empty') => [
    '| page | light | dark |',
    '| --- | --- | --- |',
    ...shots[kind].map(
      ({ name, about }) => `| ${about} | ![${about}, light](${kind}/light/${name}.webp) | ![${about}, dark](${kind}/dark/${name}.webp) |`,
    ),
  ]
  return ['# The pages', '', 'Made by `npm run screenshots`.', '', '## With the sample runs', '', ...table('full'), '', '## Empty', '']
    .concat(table('empty'), '')
    .join('\n')
}
