/**
 * Finds the tests of a mutant quickly. Stryker asks for them by one regular expression in which thousands of names stand side
 * by side, and trying that on thousands of names takes longer than the tests do. Here the same question, "does the name end
 * with one of these", is put to a set.
 */
import { TestRunner } from "vitest"

/** `(?:one|another)\s*$`, each name escaped. */
const namesIn = (pattern: RegExp): ReadonlySet<string> =>
  new Set(
    pattern.source.replace(/^\(\?:/, "").replace(/\)\\s\*\$$/, "").split(/(?<!\\)\|/).map((each) =>
      each.replaceAll(/\\(.)/g, "$1")
    )
  )

const endsWithOneOf = (names: ReadonlySet<string>, text: string): boolean => {
  const name = text.trimEnd()
  for (let at = 0; at <= name.length; at += 1) if (names.has(name.slice(at))) return true
  return false
}

export default class MutationRunner extends TestRunner {
  constructor(config: ConstructorParameters<typeof TestRunner>[0]) {
    super(config)
    const pattern = config.testNamePattern
    if (pattern === undefined) return
    const names = namesIn(pattern)
    Object.defineProperty(pattern, Symbol.match, {
      configurable: true,
      value: (text: string) => endsWithOneOf(names, text) ? [text] : null
    })
  }
}
