/** The version of this package, for `--version` and the notes in recordings. */
import manifest from "../package.json" with { type: "json" }

export const version: string = manifest.version
