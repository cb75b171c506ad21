/**
 * Writes the corpus: `node packages/recording/test/corpus.make.ts`.
 *
 * A story that has no file gets one. In files that are there the answers of the reducer are brought up to date and the
 * events stay, as they must; the difference is to be reviewed. `--anew` plays every story again.
 */
import * as Result from "effect/Result"
import * as Fs from "node:fs"
import * as Recording from "../src/Recording.ts"
import * as Replay from "../src/Replay.ts"
import * as Corpus from "./corpus.ts"
import { scenarios } from "./scenarios.ts"

const anew = process.argv.includes("--anew")

const write = (name: string, recording: Recording.Recording): void => {
  const path = Corpus.pathOf(name)
  const text = Recording.encode(recording)
  if (Fs.existsSync(path) && Fs.readFileSync(path, "utf8") === text) return
  Fs.mkdirSync(Corpus.folder, { recursive: true })
  Fs.writeFileSync(path, text)
  process.stdout.write(`${name}\n`)
}

for (const { name, recording } of scenarios()) {
  if (anew || !Fs.existsSync(Corpus.pathOf(name))) write(name, recording)
}
for (const name of Corpus.names()) {
  write(name, Replay.renew(Result.getOrThrow(Recording.decode(Corpus.textOf(name)))))
}
