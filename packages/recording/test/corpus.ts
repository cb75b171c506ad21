/** Where the recordings are that are replayed in every run. */
import * as Fs from "node:fs"
import { fileURLToPath } from "node:url"
import { current } from "../src/upcast/versions.ts"

export interface Place {
  /** Of the recordings; ends with a stroke. */
  readonly folder: string
  /** The page that lists them. */
  readonly index: string
}

export const place: Place = {
  folder: fileURLToPath(new URL("../corpus/sessions/", import.meta.url)),
  index: fileURLToPath(new URL("../corpus/README.md", import.meta.url))
}

/** The texts of the recordings at a place, by name without `.ndjson`, sorted. */
export const texts = ({ folder }: Place): ReadonlyMap<string, string> =>
  new Map(
    Fs.readdirSync(folder).filter((file) => file.endsWith(suffix)).sort().map((file) => [
      file.slice(0, -suffix.length),
      Fs.readFileSync(`${folder}${file}`, "utf8")
    ])
  )

/** The names of the recordings there, without `.ndjson`. */
export const names = (): ReadonlyArray<string> => [...texts(place).keys()]

export const textOf = (name: string): string => Fs.readFileSync(`${place.folder}${name}${suffix}`, "utf8")

/** Whether a text says so itself. */
export const isCurrent = (text: string): boolean => text.includes(`"version":${current},`)

const suffix = ".ndjson"
