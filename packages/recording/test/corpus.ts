/** Where the recordings are that are replayed in every run. */
import * as Fs from "node:fs"
import { fileURLToPath } from "node:url"

export const folder = fileURLToPath(new URL("../corpus/v1/", import.meta.url))

/** The names of the recordings there, without `.ndjson`. */
export const names = (): ReadonlyArray<string> =>
  Fs.readdirSync(folder).filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length)).sort()

export const pathOf = (name: string): string => `${folder}${name}${suffix}`

export const textOf = (name: string): string => Fs.readFileSync(pathOf(name), "utf8")

const suffix = ".ndjson"
