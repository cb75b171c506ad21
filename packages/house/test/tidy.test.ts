/** The repository keeps the rules of the house. The rules themselves are tried in `rules.test.ts` and `imports.test.ts`. */
import { describe, expect, it } from "vitest"
import { importsAllowed, manifestHonest, table } from "../src/imports.ts"
import { files, filesOfGit, manifests, packages, read, sources } from "../src/repository.ts"
import * as Rules from "../src/rules.ts"
import type { Source } from "../src/syntax.ts"
import { show, type Violation } from "../src/violation.ts"

const binary = /\.(?:bin|der|gz|png|ico|tgz)$/
const all = sources()
const texts = files().filter((path) => !binary.test(path))

const expectNone = (violations: ReadonlyArray<Violation>) => expect(violations.map(show)).toEqual([])
const expectEvery = (rule: (file: Source) => ReadonlyArray<Violation>) => expectNone(all.flatMap((file) => rule(file)))

describe("what was seen", () => {
  it("is every package, and each has a row in the table of imports", () => {
    expect(packages().length).toBeGreaterThanOrEqual(11)
    expect(Object.keys(table).sort()).toEqual(packages())
    expect([...new Set(all.map((file) => file.package))].sort()).toEqual(packages())
  })

  it("is every file that Git knows", () => {
    expect(all.length).toBeGreaterThanOrEqual(60)
    expect(all.filter(({ area }) => area === "src").length).toBeGreaterThanOrEqual(40)
    expect(files()).toEqual(filesOfGit() ?? files())
  })
})

describe("imports", () => {
  it("keep to the table", () => expectEvery(importsAllowed))

  it.each(manifests().map((manifest) => [manifest.path, manifest] as const))(
    "are what %s declares",
    (path, manifest) => {
      const own = all.filter((file) => path.startsWith(`packages/${file.package}/`))
      expect(manifestHonest(manifest, own).map(show)).toEqual([])
    }
  )
})

describe("sources", () => {
  it("of the pure packages reach nothing outside", () => expectEvery(Rules.pure))
  it("of the reducer answer with values", () => expectEvery(Rules.total))
  it("are finished", () => expectEvery(Rules.finished))
  it("are small", () => expectEvery((file) => Rules.small(file)))
  it("open with a paragraph", () => expectEvery(Rules.introduced))
  it("document what they export", () => expectEvery(Rules.documented))
  it("have a test file for each module", () => expectEvery((file) => Rules.tested(file, all)))
})

describe("tests", () => {
  it("all run", () => expectEvery(Rules.unfocused))
})

describe("texts", () => {
  it("name no path of a machine", () => {
    expect(texts.flatMap((path) => Rules.portable(path, read(path))).map(show)).toEqual([])
  })

  it("hold no download address in the lock file", () => {
    expect(read("pnpm-lock.yaml").match(/tarball:|https?:/g)).toBeNull()
  })
})
