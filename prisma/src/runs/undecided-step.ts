/**
 * SQL of the step that only a person may decide about: it began, its effect must not happen twice, and no outcome is known.
 * @param run alias of the run's row
 */
export const undecidedStep = (run: string) =>
  `SELECT s.key FROM steps s WHERE s.run_id = ${run}.id AND s.status = 'started' AND s.on_interrupted = 'ask' ORDER BY s.seq LIMIT 1`

/** SQL of the words for it, empty where there is none. */
export const sayUndecided = (key: string) =>
  `coalesce('; nobody knows whether step ' || ${key} || ' took place: say on resume whether to run it again or to skip it', '')`
