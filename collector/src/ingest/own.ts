/** A table's entry for a name that a sender chose: `constructor` is in every object, and in none of our tables. */
export const own = <V>(table: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined
