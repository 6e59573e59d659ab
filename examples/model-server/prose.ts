/** Sentences by topic, so that answers read like answers; which ones come follows from the prompt alone. */
const TOPICS: Readonly<Record<string, readonly string[]>> = {
  trails: [
    'Stacked stones have marked routes across open ground for at least four thousand years.',
    'In the Scottish Highlands a cairn at each change of direction keeps walkers on the ridge when cloud comes down.',
    'Norwegian wardens rebuild the red-topped cairns of Hardangervidda every June, after the frost has shifted them.',
    'A pile stands out where a painted blaze would weather: on scree, on lava, above the tree line.',
    'Icelandic riders followed vörður, placed so that from each one the next could be seen in fog.',
    'Rangers ask visitors not to add stones: a new pile in the wrong place leads the next party astray.',
    'The spacing tells the terrain: thirty metres in mist-prone corries, two hundred on a clear plateau.',
    'Some parks register every cairn by coordinates and inspect it once a season.',
  ],
  energy: [
    'Grid batteries shift noon solar output into the evening peak for about four hours.',
    'The levelised cost of storage fell by roughly a fifth in the last two years, led by cheaper lithium iron phosphate cells.',
    'Pumped hydro still holds most of the world’s stored electricity, though few new sites are permitted.',
    'Iron-air cells promise a hundred hours of discharge at the price of a lower round-trip efficiency.',
    'Operators pay for frequency response by the second, which is where most batteries earn their keep.',
    'Curtailment is the quiet driver: power that can’t be sold at noon makes storage pay.',
    'Fire codes now ask for three metres between containers and gas detection inside each.',
    'A second life for vehicle batteries is technically sound and commercially slow.',
  ],
  oceans: [
    'Kelp forests along cold coasts grow up to half a metre a day and shelter young fish.',
    'Sea urchins strip a reef bare within two seasons once otters are gone.',
    'Autonomous gliders now measure salinity across whole basins for the price of one research cruise.',
    'Carbon that sinks below a thousand metres stays out of the air for centuries.',
    'Tide gauges and satellites agree on a rise of about four millimetres a year.',
    'Warm-core eddies carry heat poleward in rings a hundred kilometres wide.',
    'Restoration works best where the grazers are managed first and the planting comes after.',
    'Most of what is counted as bycatch could be avoided with lights on the nets.',
  ],
  support: [
    'Thanks for writing in; I have looked at your account and can see what happened.',
    'The charge you noticed is the yearly renewal, which went through on the usual date.',
    'I have issued the refund to the original card; banks take three to five working days.',
    'Your export failed because the file name held a slash; renaming it lets the job finish.',
    'I have raised the limit for your workspace and left a note for the team that owns it.',
    'If it happens again, the request id at the bottom of the page tells us where to look.',
  ],
}

const KEYWORDS: readonly (readonly [RegExp, keyof typeof TOPICS])[] = [
  [/ticket|customer|refund|support/i, 'support'],
  [/batter|grid|energy|storage|solar/i, 'energy'],
  [/ocean|sea|kelp|reef|tide/i, 'oceans'],
]

/** A small, fast, stable hash: the same prompt gets the same answer on every machine. */
export function hashText(text: string): number {
  let hash = 2_166_136_261
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619)
  return hash >>> 0
}

export function composeText(prompt: string, sentences: number): string {
  const topic = KEYWORDS.find(([pattern]) => pattern.test(prompt))?.[1] ?? 'trails'
  const pool = TOPICS[topic] ?? []
  const start = hashText(prompt) % pool.length
  return Array.from({ length: Math.min(sentences, pool.length) }, (_, i) => pool[(start + i) % pool.length]).join(' ')
}
