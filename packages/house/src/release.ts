/**
 * Prepares a release (`pnpm release`): moves the sentences of all changesets to the top of `CHANGELOG.md`, under the new
 * version, and lets Changesets raise the versions of the packages. Publishes nothing and tags nothing.
 */
import { readdirSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { run } from "./command.ts"
import { read, root } from "./repository.ts"

/** What a changeset says below its front matter. */
export const summary = (changeset: string): string => changeset.replace(/^---\n[\s\S]*?\n---\n/, "").trim()

/** The changelog with one more release, above the others and below its opening paragraphs. */
export const released = (
  changelog: string,
  version: string,
  date: string,
  summaries: ReadonlyArray<string>
): string => {
  const at = changelog.search(/^## /m)
  const [opening, others] = at < 0 ? [changelog, ""] : [changelog.slice(0, at), changelog.slice(at)]
  const items = summaries.map((text) => `- ${text.replaceAll("\n", "\n  ")}`).join("\n")
  return `${opening.trim()}\n\n## ${version} (${date})\n\n${items}\n${others === "" ? "" : `\n${others}`}`
}

/** The sentences of all changesets, in the order of their file names. */
export const waiting = (): ReadonlyArray<string> =>
  readdirSync(`${root}.changeset`).filter((name) => name.endsWith(".md") && name !== "README.md").sort()
    .map((name) => summary(read(`.changeset/${name}`)))

const main = async (args: ReadonlyArray<string>): Promise<number> => {
  // It rewrites files: whoever asks for anything, help included, gets words and no release.
  if (args.length > 0) {
    console.error("pnpm release takes no arguments. It empties .changeset/ into CHANGELOG.md and raises the versions.")
    return 2
  }
  const summaries = waiting()
  if (summaries.length === 0) {
    console.error("There is no changeset to release.")
    return 1
  }
  const { ok, output } = await run("changeset", ["version"])
  console.log(output.trim())
  if (!ok) return 1
  const { version } = JSON.parse(read("packages/protocol/package.json"))
  const date = new Date().toISOString().slice(0, 10)
  writeFileSync(`${root}CHANGELOG.md`, released(read("CHANGELOG.md"), version, date, summaries))
  return 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2))
