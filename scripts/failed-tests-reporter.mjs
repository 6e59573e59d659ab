// Three suites run one after another: what failed in the first is said again at the end, where it is looked for.
import { appendFileSync } from 'node:fs'

/** A Vitest reporter that appends each failed test, file and unhandled error to the file that CAIRN_FAILED_TESTS names. */
export default class FailedTestsReporter {
  onTestRunEnd(modules, unhandled) {
    const lines = []
    for (const module of modules) {
      for (const error of module.errors()) lines.push(entry(module.relativeModuleId, error))
      for (const suite of module.children.allSuites())
        for (const error of suite.errors()) lines.push(entry(`${module.relativeModuleId} > ${suite.fullName}`, error))
      for (const test of module.children.allTests('failed'))
        lines.push(entry(`${module.relativeModuleId} > ${test.fullName}`, ...(test.result().errors ?? [])))
    }
    for (const error of unhandled) lines.push(entry('outside of any test', error))
    if (lines.length > 0) appendFileSync(process.env.CAIRN_FAILED_TESTS, lines.join(''))
  }
}

function entry(name, ...errors) {
  const texts = errors.map((error) => `${error.stack ?? error.message}`.slice(0, 2_000).replaceAll(/^/gm, '    '))
  return `✗ ${name}\n${texts.join('\n')}\n`
}
