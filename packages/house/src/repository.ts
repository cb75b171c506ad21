/** Which packages and files there are: read from the disk, so that a check can say how much it saw. */
import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Manifest } from "./imports.ts"
import { type Source, source } from "./syntax.ts"

/** The top of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL("../../../", import.meta.url))

/** Folder names below `packages/`. */
export const packages = (): ReadonlyArray<string> =>
  readdirSync(`${root}packages`).filter((name) => existsSync(`${root}packages/${name}/package.json`)).sort()

/** Every file of the working tree that is not built or installed, as paths from the top. */
export const files = (folder = ""): ReadonlyArray<string> =>
  readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`
    if (entry.isDirectory()) return ignored.has(entry.name) ? [] : files(`${path}/`)
    return entry.isFile() && !leftover.test(path) ? [path] : []
  }).sort()

/** What Git knows or would take up; `undefined` where there is no checkout. */
export const filesOfGit = (): ReadonlyArray<string> | undefined => {
  if (!existsSync(`${root}.git`)) return undefined
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root })
  return [...new Set(listed.toString().split("\0"))].filter((path) => path !== "" && existsSync(root + path)).sort()
}

export const read = (path: string): string => readFileSync(root + path, "utf8")

/** The TypeScript of the packages, parsed. */
export const sources = (): ReadonlyArray<Source> =>
  files("packages/").filter((path) => path.endsWith(".ts")).map((path) => source(path, read(path)))

export const manifests = (): ReadonlyArray<Manifest> =>
  packages().map((name) => ({
    ...JSON.parse(read(`packages/${name}/package.json`)),
    path: `packages/${name}/package.json`
  }))

const ignored = new Set([".git", "node_modules", "dist", ".tmp", "coverage", ".pnpm-store"])
const leftover = /\.(?:tsbuildinfo|tgz)$/
