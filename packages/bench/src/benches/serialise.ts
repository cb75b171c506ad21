/**
 * Writing without a socket: from what a user has to bytes.
 */
import { bench } from "../works/comparing.ts"
import { writings } from "../works/writing.ts"

export const serialise = bench(
  {
    name: "serialise",
    about: "megabytes of stanzas written in a second of CPU",
    details: [
      "Each in a process of its own, each stanza to bytes of its own. Ours refuses what XML cannot hold and chooses namespaces",
      "and prefixes; the serialiser without rules does neither."
    ].join("\n")
  },
  "writing",
  writings
)
